import { constants } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { codeOf } from "@keruta/shared/domain";
import type { Host } from "../host/host.ts";

export const tokenVariable = "KERUTA_API_TOKEN";
const tokenFileVariable = "KERUTA_API_TOKEN_FILE";

/** More than any token has. */
const tokenFileBytes = 1024;

/**
 * The token that an agent of the same Pod left; undefined where none did. The command may have put anything there: no
 * link is followed, nothing is waited for, and no more is read than a token.
 */
export async function readTokenFile(file: string): Promise<{ readonly token: string } | undefined> {
  try {
    const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(tokenFileBytes));
      const token = buffer.toString("latin1", 0, bytesRead).trim();
      return /^[\w.-]+$/.test(token) ? { token } : undefined;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (codeOf(error) === undefined) throw error;
    return undefined;
  }
}

/** The token, or a sentence that says why there is none. */
export async function readToken(
  host: Pick<Host, "directory">,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly token: string } | { readonly problem: string }> {
  const token = env[tokenVariable]?.trim() ?? "";
  if (token !== "") return { token };
  const file = env[tokenFileVariable] ?? "";
  if (file === "") return { problem: `there is no ${tokenVariable} and no ${tokenFileVariable}` };
  try {
    const text = (await readFile(resolve(host.directory, file), "utf8")).trim();
    return text === "" ? { problem: `${file} is empty` } : { token: text };
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    return { problem: `${file} cannot be read (${code})` };
  }
}
