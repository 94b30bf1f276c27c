import { KerutaError } from "../error.ts";
import { nearestWords } from "../nearest.ts";
import { isSettingKey, settingKeys, type SettingKey } from "./table.ts";

/** `keruta.kubernetes.default-image` is KERUTA_KUBERNETES_DEFAULT_IMAGE. */
export function environmentNameOf(key: SettingKey): string {
  return key.toUpperCase().replaceAll(/[.-]/g, "_");
}

/**
 * The full key that a text stands for: itself, or the one key that ends with it (`default-image`).
 * Throws KRT_SETTING_UNKNOWN with near matches, or KRT_SETTING_AMBIGUOUS with the candidates.
 */
export function resolveSettingKey(text: string): SettingKey {
  if (isSettingKey(text)) return text;
  const candidates = settingKeys.filter((key) => key.endsWith(`.${text}`));
  const [only, ...others] = candidates;
  if (only !== undefined && others.length === 0) return only;
  const shown = JSON.stringify(text);
  if (only === undefined) {
    const near = nearestSettingKeys(text);
    throw new KerutaError(
      "KRT_SETTING_UNKNOWN",
      { en: `There is no setting ${shown}.`, ja: `設定 ${shown} はありません。` },
      {
        hint:
          near.length > 0
            ? { en: `Did you mean ${near.join(" or ")}?`, ja: `${near.join(" または ")} ではありませんか。` }
            : {
                en: "`keruta settings list` prints all of them.",
                ja: "`keruta settings list` で一覧を確認してください。",
              },
        details: { key: text, near },
      },
    );
  }
  throw new KerutaError(
    "KRT_SETTING_AMBIGUOUS",
    {
      en: `${shown} stands for ${String(candidates.length)} settings: ${candidates.join(", ")}.`,
      ja: `${shown} に当てはまる設定が ${String(candidates.length)} 個あります: ${candidates.join("、")}。`,
    },
    {
      hint: { en: "Write one of them in full.", ja: "いずれか 1 つを省略せずに指定してください。" },
      details: { key: text, candidates },
    },
  );
}

/** Keys that may have been meant: compared in full and by their last parts. */
export function nearestSettingKeys(text: string): readonly SettingKey[] {
  const parts = text.split(".").length;
  const tails = new Map<string, SettingKey>();
  for (const key of settingKeys) tails.set(key.split(".").slice(-parts).join("."), key);
  const near = nearestWords(text, [...tails.keys()]).map((tail) => tails.get(tail));
  return near.filter((key) => key !== undefined);
}
