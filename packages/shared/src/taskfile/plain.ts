import { maxTaskBytes } from "../domain/task/limits.ts";
import type { Text } from "../domain/text.ts";
import type { Report } from "./complaint.ts";
import { formatPath, isMapping, type Path } from "./path.ts";

/** Deeper than any task: where aliases make a circle, or brackets never end. */
const maxDepth = 40;
/** More values than 512 KiB of JSON can hold: what aliases multiply is not walked through. */
const maxValues = maxTaskBytes;

export interface PlainCheck {
  /** Nothing was reported, and the value can be written as JSON. */
  readonly sound: boolean;
  /** Of the value as JSON in UTF-8; Infinity where it was too much to count. */
  readonly bytes: number;
}

/** Reports what cannot be a task's data, whatever its key: NUL, broken characters, endless nesting, NaN. */
export function checkPlain(root: unknown, report: Report): PlainCheck {
  let sound = true;
  let values = 0;
  let characters = 0;

  const refuse = (path: Path, text: Text) => {
    sound = false;
    const shown = formatPath(path);
    report(path, { en: `${shown || "the task"} ${text.en}`, ja: `${shown || "タスク"} ${text.ja}` });
  };
  const checkString = (text: string, path: Path) => {
    characters += text.length;
    if (text.includes("\0")) {
      refuse(path, {
        en: "holds a NUL character, which no process can be given",
        ja: "に NUL 文字が含まれています。プロセスには渡せません",
      });
    } else if (!text.isWellFormed()) {
      refuse(path, {
        en: "holds half of a Unicode character",
        ja: "に壊れた Unicode 文字（サロゲートの片方）が含まれています",
      });
    }
  };
  const walk = (value: unknown, path: Path): void => {
    values += 1;
    if (values > maxValues || characters > maxTaskBytes) return;
    if (path.length > maxDepth) {
      refuse(path.slice(0, 4), { en: "is nested too deeply", ja: "の入れ子が深すぎます" });
    } else if (typeof value === "string") {
      checkString(value, path);
    } else if (typeof value === "number" && !Number.isFinite(value)) {
      refuse(path, { en: "is no number that JSON can hold", ja: "は JSON で表せない数値です" });
    } else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) walk(item, [...path, index]);
    } else if (isMapping(value) && !isPlainObject(value)) {
      refuse(path, {
        en: "is binary or of a type of its own, not text",
        ja: "はテキストではなく、バイナリや独自の型です",
      });
    } else if (isMapping(value)) {
      for (const [key, item] of Object.entries(value)) {
        checkString(key, [...path, key]);
        if (key === "__proto__") refuse([...path, key], { en: "is no key", ja: "はキーとして使えません" });
        walk(item, [...path, key]);
      }
    }
  };
  walk(root, []);

  if (values > maxValues || characters > maxTaskBytes) return { sound, bytes: Infinity };
  return { sound, bytes: sound ? new TextEncoder().encode(JSON.stringify(root)).length : 0 };
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
