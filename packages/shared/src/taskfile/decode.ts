import type { Text } from "../domain/text.ts";

export type DecodedText = { readonly text: string } | { readonly complaint: Text };

/** Text from a file's bytes: UTF-8, or UTF-16 where a byte order mark says so. */
export function decodeText(bytes: Uint8Array): DecodedText {
  const encoding = utf16Encoding(bytes);
  if (encoding !== undefined) return decodeUtf16(bytes, encoding);
  const nul = bytes.indexOf(0);
  const invalid = invalidUtf8At(bytes);
  if (nul !== -1 && (invalid === -1 || nul < invalid)) {
    return {
      complaint: {
        en: `the file is no text: the byte at offset ${String(nul)} is NUL`,
        ja: `ファイルはテキストではありません。オフセット ${String(nul)} のバイトが NUL です`,
      },
    };
  }
  if (invalid !== -1) {
    const byte = `0x${(bytes[invalid] ?? 0).toString(16).padStart(2, "0")}`;
    return {
      complaint: {
        en: `the file is no UTF-8: the byte at offset ${String(invalid)} is ${byte}`,
        ja: `ファイルは UTF-8 ではありません。オフセット ${String(invalid)} のバイトが ${byte} です`,
      },
    };
  }
  return { text: new TextDecoder().decode(bytes) };
}

function utf16Encoding(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  return bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : undefined;
}

function decodeUtf16(bytes: Uint8Array, encoding: string): DecodedText {
  const text = new TextDecoder(encoding).decode(bytes);
  if (!text.includes("\uFFFD") && !text.includes("\0")) return { text };
  return {
    complaint: {
      en: "the file is no text: it begins like UTF-16, and goes on otherwise",
      ja: "ファイルはテキストではありません。UTF-16 の印で始まりますが、内容が UTF-16 ではありません",
    },
  };
}

/** Offset of the first byte that cannot stand where it is in UTF-8, or -1. */
function invalidUtf8At(bytes: Uint8Array): number {
  let at = 0;
  while (at < bytes.length) {
    const length = characterLength(bytes, at);
    if (length === 0) return at;
    at += length;
  }
  return -1;
}

/** Bytes of the character that begins at `at`, or 0 (Unicode 17, table 3-7: well-formed UTF-8). */
function characterLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4) return 0;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  for (let index = 1; index < length; index += 1) {
    const byte = bytes[at + index] ?? 0;
    if (index === 1 ? byte < low || byte > high : byte < 0x80 || byte > 0xbf) return 0;
  }
  return length;
}
