import type { LogRecord } from "@keruta/shared/domain";

export const encodings = ["utf-8", "shift_jis", "euc-jp"] as const;
export type Encoding = (typeof encodings)[number];

const decoders = new Map<Encoding, TextDecoder>();

/** A record's text. The bytes are at hand only where they are not UTF-8, and only then is there a question. */
export function messageOf({ message, messageBase64 }: LogRecord, encoding: Encoding): string {
  if (messageBase64 === undefined || encoding === "utf-8") return message;
  let decoder = decoders.get(encoding);
  if (!decoder) decoders.set(encoding, (decoder = new TextDecoder(encoding)));
  return decoder.decode(Uint8Array.from(atob(messageBase64), (character) => character.charCodeAt(0)));
}
