/** One `key=value` of a Java properties file. Lines count from 1. */
export interface Property {
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

export interface ParsedProperties {
  readonly properties: readonly Property[];
  /** Lines with an escape `\u` that is not followed by four hexadecimal digits. */
  readonly malformedLines: readonly number[];
}

const blank = " \t\f";

/** Reads Java's format as `java.util.Properties` does: comments, separators, escapes, continued lines. */
export function parseProperties(text: string): ParsedProperties {
  const properties: Property[] = [];
  const malformedLines: number[] = [];
  for (const { line, content } of logicalLines(text)) {
    const [rawKey, rawValue] = splitAtSeparator(content);
    const key = unescape(rawKey);
    const value = unescape(rawValue);
    if (key === undefined || value === undefined) malformedLines.push(line);
    else properties.push({ key, value, line });
  }
  return { properties, malformedLines };
}

/** Text of a properties file: UTF-8 where the bytes are, else ISO-8859-1, which Java used before version 9. */
export function decodeProperties(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // Not UTF-8. TextDecoder's own "latin1" is windows-1252, so bytes are taken one by one.
    let text = "";
    for (const byte of bytes) text += String.fromCharCode(byte);
    return text;
  }
}

function logicalLines(text: string): { readonly line: number; readonly content: string }[] {
  const lines: { line: number; content: string }[] = [];
  const natural = text.replace(/^\uFEFF/, "").split(/\r\n|\n|\r/);
  for (let index = 0; index < natural.length; index += 1) {
    const line = index + 1;
    let content = trimStart(natural[index] ?? "");
    // A comment never goes on in the next line, whatever it ends with.
    if (content === "" || content.startsWith("#") || content.startsWith("!")) continue;
    while (endsInContinuation(content)) {
      content = content.slice(0, -1);
      index += 1;
      if (index >= natural.length) break;
      content += trimStart(natural[index] ?? "");
    }
    if (content !== "") lines.push({ line, content });
  }
  return lines;
}

function trimStart(text: string): string {
  return text.replace(/^[ \t\f]+/, "");
}

function endsInContinuation(content: string): boolean {
  const backslashes = /\\+$/.exec(content)?.[0].length ?? 0;
  return backslashes % 2 === 1;
}

function splitAtSeparator(content: string): [string, string] {
  let end = 0;
  while (end < content.length) {
    const character = content[end] ?? "";
    if (character === "\\") end += 1;
    else if (`=:${blank}`.includes(character)) break;
    end += 1;
  }
  const key = content.slice(0, end);
  return [key, content.slice(key.length).replace(/^[ \t\f]*[=:]?[ \t\f]*/, "")];
}

function unescape(text: string): string | undefined {
  let sound = true;
  const result = text.replace(/\\(?:u([0-9a-fA-F]{4})|([^]))?/g, (_, hex?: string, character?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    switch (character) {
      case undefined:
        return "";
      case "u":
        sound = false;
        return "";
      case "t":
        return "\t";
      case "n":
        return "\n";
      case "r":
        return "\r";
      case "f":
        return "\f";
      default:
        return character;
    }
  });
  return sound ? result : undefined;
}
