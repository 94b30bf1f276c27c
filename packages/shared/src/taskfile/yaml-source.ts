import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Document,
  type LineCounter,
  type Node,
  type Pair,
  type ParsedNode,
  type Scalar,
} from "yaml";
import type { Text } from "../domain/text.ts";
import { formatPath, type Path } from "./path.ts";
import type { Position, Report, Target } from "./complaint.ts";

export type Source = Document.Parsed<ParsedNode, true>;

/** Position of the value at a path or of its key; of the nearest parent where the path goes on past the source. */
export function locateNode(source: Source, path: Path, target: Target, lines: LineCounter): Position {
  let node: unknown = source.contents;
  let best: unknown = source.contents;
  for (const [index, part] of path.entries()) {
    const parent = isAlias(node) ? node.resolve(source) : node;
    const last = index === path.length - 1;
    if (isMap(parent)) {
      const pair = parent.items.findLast((item) => keyOf(item) === String(part));
      if (!pair) break;
      node = pair.value;
      best = (last && target === "key") || !hasText(pair.value) ? pair.key : pair.value;
    } else if (isSeq(parent) && typeof part === "number") {
      node = parent.items[part];
      best = node ?? best;
    } else break;
  }
  const offset = (best as Node | null | undefined)?.range?.[0] ?? source.range[0];
  return positionAt(lines, offset);
}

export function positionAt(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line), column: Math.max(1, col) };
}

/**
 * Keys given twice (the library compares each with all others; a set does it in one walk), aliases of nothing, and
 * permissions written as 0440, of which only the text tells that they are not meant as 440.
 */
export function reportSlips(source: Source, report: Report): { readonly resolved: boolean } {
  let resolved = true;
  const walk = (node: unknown, path: Path): void => {
    if (isSeq(node)) {
      for (const [index, item] of node.items.entries()) walk(item, [...path, index]);
    } else if (isAlias(node)) {
      if (node.resolve(source)) return;
      resolved = false;
      report(path, aliasOfNothing(node.source));
    } else if (isMap(node)) {
      const known = new Set<string>();
      for (const pair of node.items) {
        const key = keyOf(pair);
        if (known.has(key)) report([...path, key], repeatedKey([...path, key]), "key");
        known.add(key);
        walk(pair.value, [...path, key]);
      }
    } else if (isScalar(node) && isOctalOfOld(node, path)) {
      report(path, octalOfOld(formatPath(path), node.source ?? ""));
    }
  };
  walk(source.contents, []);
  return { resolved };
}

/** Larger ones are refused as no permissions at all. */
function isOctalOfOld({ value, source }: Scalar, path: Path): boolean {
  const key = path.at(-1);
  return (
    (key === "mode" || key === "defaultMode") &&
    typeof value === "number" &&
    value <= 0o777 &&
    /^0\d/.test(source ?? "")
  );
}

function octalOfOld(shown: string, text: string): Text {
  return {
    en: `${shown} is ${text}, which YAML 1.2 reads as decimal; write 0o${text.slice(1)}`,
    ja: `${shown} の ${text} は、YAML 1.2 では 10 進数です。0o${text.slice(1)} と書いてください`,
  };
}

function repeatedKey(path: Path): Text {
  const shown = formatPath(path);
  return { en: `${shown} is given twice`, ja: `${shown} が重複しています` };
}

function aliasOfNothing(name: string): Text {
  return {
    en: `*${name} stands before its anchor &${name}, or there is none`,
    ja: `*${name} より前にアンカー &${name} がありません`,
  };
}

function keyOf(pair: Pair): string {
  const { key } = pair;
  if (!isScalar(key)) return String(key);
  const { value } = key;
  return typeof value === "string" ? value : value === null ? "" : JSON.stringify(value);
}

/** `image:` with nothing after it has a value of no width somewhere behind the colon. */
function hasText(value: unknown): boolean {
  const range = (value as Node | null | undefined)?.range;
  return range !== null && range !== undefined && range[1] > range[0];
}
