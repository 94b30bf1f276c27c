import { KerutaError } from "@keruta/shared/domain";
import type { Text } from "@keruta/shared/domain";

/** What the sender sent must not or cannot be taken: the whole collection fails and nothing becomes visible. */
export function refusal(text: Text, hint?: Text): KerutaError {
  return new KerutaError("KRT_ARTIFACT_REFUSED", text, {
    hint: hint ?? {
      en: "Nothing was stored; check what the task writes to its artifacts.",
      ja: "何も保存していません。タスクが成果物に書き出す内容を確認してください。",
    },
  });
}

/** The bytes ended or broke before their end: worth another try from the last whole file. */
export class StreamCut extends Error {
  override readonly name = "StreamCut";
}

const shownLength = 200;

/** A name from outside as text for one line: quoted, escaped, cut. */
export function quoteName(name: string): string {
  const shown = name.length > shownLength ? `${name.slice(0, shownLength).toWellFormed()}…` : name;
  return JSON.stringify(shown).replace(
    /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
