/** A header of an email as it came, unfolded. */
export function headerOf(raw: string, name: string): string | undefined {
  const pattern = new RegExp(`^${name}: ((?:.*\r?\n[ \t])*.*)`, "im");
  return pattern.exec(raw)?.[1]?.replaceAll(/\r?\n[ \t]/g, " ");
}

/** RFC 2047: what stands in a header for other characters than ASCII's. */
export function decodedWords(text: string): string {
  return text
    .replaceAll(/\?=\s+=\?/g, "?==?")
    .replaceAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_, kind: string, word: string) =>
      kind.toLowerCase() === "b"
        ? Buffer.from(word, "base64").toString()
        : quotedPrintable(word.replaceAll("_", " ")),
    );
}

/** The body of an email of one part, with LF. */
export function textOfMail(raw: string): string {
  const body = raw.slice(raw.indexOf("\r\n\r\n") + 4);
  const isBase64 = headerOf(raw, "Content-Transfer-Encoding") === "base64";
  const text = isBase64 ? Buffer.from(body, "base64").toString() : quotedPrintable(body);
  return text.replaceAll("\r\n", "\n");
}

function quotedPrintable(text: string): string {
  const joined = text.replaceAll(/=\r?\n/g, "");
  const bytes = joined.replaceAll(/=([0-9A-F]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, "latin1").toString();
}
