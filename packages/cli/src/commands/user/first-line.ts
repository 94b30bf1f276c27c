import { usageError } from "../../errors/usage.ts";

/** Far more than a password may have: `--password-file /dev/zero` ends. */
const maxBytes = 64 * 1024;

/** Without its end, CR LF too. Throws KRT_USAGE where it is not UTF-8: what was meant is not known then. */
export async function firstLineOf(chunks: AsyncIterable<Uint8Array>, name: string): Promise<string> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    length += chunk.length;
    if (chunk.includes(0x0a) || length > maxBytes) break;
  }
  const bytes = Buffer.concat(parts, length);
  const end = bytes.indexOf(0x0a);
  try {
    const line = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      end < 0 ? bytes : bytes.subarray(0, end),
    );
    return line.replace(/\r$/, "");
  } catch {
    throw usageError(
      { en: `The first line of ${name} is not UTF-8.`, ja: `${name} の 1 行目が UTF-8 ではありません。` },
      { en: "Write the password as UTF-8 text.", ja: "パスワードは UTF-8 で書いてください。" },
    );
  }
}
