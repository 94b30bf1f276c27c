import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { codeOf, counted, readApplicationProperties } from "@keruta/shared/domain";
import { fileError } from "../files/file-error.ts";
import type { Context } from "../context/context.ts";
import { storedOnly } from "../context/stored-only.ts";

/**
 * What a new queue's settings begin as: `--config`, else `application.properties` of the configuration directory, else,
 * for `serve` and `worker` alone, of the working directory: a path in a stranger's file would run a credential plugin.
 * Of the environment of these two comes what a server reads of the queue alone.
 */
export async function firstSettings(context: Context): Promise<Readonly<Record<string, string>>> {
  return { ...(await fromProperties(context)), ...(context.trustsDirectory && storedOnly(context.env)) };
}

async function fromProperties(context: Context): Promise<Readonly<Record<string, string>>> {
  const found = await findProperties(context);
  if (!found) return {};
  const { path, content } = found;
  const { settings, warnings } = readApplicationProperties({ name: path, content });
  for (const warning of warnings) await context.notify(warning);
  const count = Object.keys(settings).length;
  await context.notify({
    en: `The new queue begins with ${counted(count, "setting")} of ${path}.`,
    ja: `新しいキューに ${path} の設定 ${String(count)} 件を取り込みました。`,
  });
  return settings;
}

async function findProperties({
  globals,
  paths,
  directory,
  trustsDirectory,
}: Context): Promise<{ readonly path: string; readonly content: Uint8Array } | undefined> {
  if (globals.config !== undefined) {
    const path = resolve(directory, globals.config);
    const content = await readFile(path).catch((error: unknown) => {
      throw fileError(error, "read", path);
    });
    return { path, content };
  }
  for (const place of [paths.config, ...(trustsDirectory ? [directory] : [])]) {
    const path = join(place, "application.properties");
    const content = await readFile(path).catch((error: unknown) => {
      if (codeOf(error) === "ENOENT") return undefined;
      throw fileError(error, "read", path);
    });
    if (content) return { path, content };
  }
  return undefined;
}
