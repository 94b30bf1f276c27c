import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { HttpOptions } from "@keruta/shared/api";
import { fileError } from "../files/file-error.ts";
import type { Context } from "../context/context.ts";

/** How a server is spoken to: `--token-file`, else KERUTA_API_TOKEN_FILE, else KERUTA_API_TOKEN. */
export async function apiOptions(context: Context, url: string): Promise<HttpOptions> {
  const { globals, env, language, version } = context;
  const file = globals.tokenFile ?? notEmpty(env["KERUTA_API_TOKEN_FILE"]);
  const token = file === undefined ? notEmpty(env["KERUTA_API_TOKEN"]) : await tokenIn(context, file);
  return { url, token: token?.trim(), language, userAgent: `keruta/${version}`, fetch };
}

async function tokenIn({ directory }: Context, file: string): Promise<string> {
  try {
    return await readFile(resolve(directory, file), "utf8");
  } catch (error) {
    throw fileError(error, "read", file);
  }
}

function notEmpty(text: string | undefined): string | undefined {
  return text === "" ? undefined : text;
}
