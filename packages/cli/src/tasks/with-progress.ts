import { isKerutaError, KerutaError, type Text } from "@keruta/shared/domain";

const deeds = {
  added: { en: "had been added", ja: "追加しました" },
  cancelled: { en: "had been cancelled", ja: "中止しました" },
  deleted: { en: "had been deleted", ja: "削除しました" },
  retried: { en: "had been queued again", ja: "再実行しました" },
} as const satisfies Readonly<Record<string, Text>>;

export type Deed = keyof typeof deeds;

/** What fails in between leaves the earlier ones done: the user must know which; so does `details`, under the deed. */
export function withProgress(error: unknown, deed: Deed, ids: readonly string[], wanted: number): unknown {
  if (!isKerutaError(error) || ids.length === 0) return error;
  const count = `${String(ids.length)} / ${String(wanted)}`;
  const list = ids.join(", ");
  const { code, text, hint, details } = error;
  return new KerutaError(
    code,
    {
      en: `${text.en} ${count} tasks ${deeds[deed].en} before: ${list}.`,
      ja: `${text.ja}それまでに ${count} 件を${deeds[deed].ja}: ${list}。`,
    },
    { ...(hint && { hint }), cause: error, details: { ...details, [deed]: ids } },
  );
}

/** Does it for one task after the other. */
export async function eachTask<T>(
  ids: readonly string[],
  deed: Deed,
  act: (id: string) => Promise<T>,
): Promise<readonly T[]> {
  const done: T[] = [];
  for (const [index, id] of ids.entries()) {
    try {
      done.push(await act(id));
    } catch (error) {
      throw withProgress(error, deed, ids.slice(0, index), ids.length);
    }
  }
  return done;
}
