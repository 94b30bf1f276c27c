import type { Context } from "../../context/context.ts";
import { failedWith, ok, type Check } from "./check.ts";

/** Of the place where old logs go; nothing where there is none. */
export async function archiveChecks(context: Context): Promise<readonly Check[]> {
  const location = (await context.settings()).get("keruta.logs.archive.location");
  if (location === "") return [];
  const { tryArchivePlace } = await import("@keruta/server/archive");
  try {
    await tryArchivePlace(location, context.random);
  } catch (error) {
    return [failedWith("archive", error)];
  }
  return [
    ok("archive", {
      en: `${location} takes logs, gives them back and removes them`,
      ja: `${location} はログの書き込み・読み出し・削除ができます`,
    }),
  ];
}
