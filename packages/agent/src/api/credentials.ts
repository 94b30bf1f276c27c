import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Host } from "../host/host.ts";

export const tokenVariable = "KERUTA_API_TOKEN";
const tokenFileVariable = "KERUTA_API_TOKEN_FILE";

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
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return { problem: `${file} cannot be read (${code})` };
  }
}
