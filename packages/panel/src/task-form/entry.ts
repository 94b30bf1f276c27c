import { isSound, complain } from "./complain.ts";
import { documentOf, draftOf, fieldsOf, type Draft, type Fields } from "./fields.ts";

/** A task as it is being entered: by fields, or as text. */
export type Entry =
  | { readonly mode: "form"; readonly base: Draft; readonly fields: Fields }
  | { readonly mode: "json"; readonly text: string };

export function entryOf(draft: Draft): Entry {
  return { mode: "form", base: draft, fields: fieldsOf(draft) };
}

export function asJson(entry: Entry): Entry {
  if (entry.mode === "json") return entry;
  return { mode: "json", text: JSON.stringify(documentOf(draftOf(entry.fields, entry.base)), null, 2) };
}

/** Whether anything was typed since it was `first`. */
export function isChanged(entry: Entry, first: Entry): boolean {
  const [now, before] =
    entry.mode === "form" && first.mode === "form"
      ? [entry.fields, first.fields]
      : [asJson(entry), asJson(first)];
  return JSON.stringify(now) !== JSON.stringify(before);
}

/** undefined: the text is none that fields could show. */
export function asForm(entry: Entry): Entry | undefined {
  if (entry.mode === "form") return entry;
  const { value } = parsed(entry.text);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const { apiVersion: _, kind: __, ...draft } = value as Draft & { apiVersion?: string; kind?: string };
  try {
    const form = entryOf(draft);
    // What it makes of a value of another type is not what was written.
    const back = asJson(form);
    return back.mode === "json" && sameJson(back.text, { ...documentOf({}), ...value }) ? form : undefined;
  } catch {
    return undefined;
  }
}

/** What would be sent, as text; undefined where there is nothing to send yet. */
export function bodyOf(entry: Entry): string | undefined {
  if (entry.mode === "form") {
    return isFinished(entry.fields) && isSound(complain(entry.fields))
      ? JSON.stringify(documentOf(draftOf(entry.fields, entry.base)))
      : undefined;
  }
  const { value, why } = parsed(entry.text);
  return why === undefined ? JSON.stringify(value) : undefined;
}

/** Whether it names itself and what it runs; while that is missing nothing is wrong, only not there yet. */
function isFinished({ title, runs, script, command }: Fields): boolean {
  if (title.trim() === "") return false;
  if (runs === "entrypoint") return true;
  return (runs === "script" ? script : command).trim() !== "";
}

export function parsed(text: string): { readonly value?: unknown; readonly why?: string } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) };
  }
}

function sameJson(text: string, value: object): boolean {
  const [one, other] = [JSON.parse(text) as Record<string, unknown>, value as Record<string, unknown>];
  return Object.keys(other).every((key) => sorted(one[key]) === sorted(other[key]));
}

function sorted(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
