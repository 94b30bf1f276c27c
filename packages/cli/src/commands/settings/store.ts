import { environmentNameOf, isSettingKey } from "@keruta/shared/domain";
import type { Context } from "../../context/context.ts";

/** Writes all of them in one change; null removes. Says so where an environment variable hides the new value. */
export async function storeSettings(
  context: Context,
  values: Readonly<Record<string, string | null>>,
): Promise<void> {
  const queue = await context.openQueue();
  await queue.writeSettings(values, context.user);
  for (const key of Object.keys(values)) {
    if (!isSettingKey(key)) continue;
    const variable = environmentNameOf(key);
    if ((context.env[variable] ?? "") === "") continue;
    await context.notify({
      en: `${variable} is set here and goes before the stored value of ${key}.`,
      ja: `環境変数 ${variable} が設定されているため、ここでは ${key} の保存値より優先されます。`,
    });
  }
}
