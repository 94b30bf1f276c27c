import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { readApplicationProperties } from "@keruta/shared/domain";
import { codeOf, fileError } from "../files/file-error.ts";
import type { Context } from "../context/context.ts";

/**
 * What a new queue's settings begin as: `--config`, else `application.properties` of the configuration directory.
 * Never the working directory's: a path in a stranger's file would run a credential plugin.
 */
export async function firstSettings(context: Context): Promise<Readonly<Record<string, string>>> {
  const { config } = context.globals;
  const path =
    config === undefined
      ? join(context.paths.config, "application.properties")
      : resolve(context.directory, config);
  const content = await readFile(path).catch((error: unknown) => {
    if (config === undefined && codeOf(error) === "ENOENT") return undefined;
    throw fileError(error, "read", path);
  });
  if (content === undefined) return {};
  const { settings, warnings } = readApplicationProperties({ name: path, content });
  for (const warning of warnings) await context.notify(warning);
  const count = String(Object.keys(settings).length);
  await context.notify({
    en: `The new queue begins with ${count} settings of ${path}.`,
    ja: `新しいキューに ${path} の設定 ${count} 件を取り込みました。`,
  });
  return settings;
}
