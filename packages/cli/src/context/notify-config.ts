import type { NotifyConfig } from "@keruta/server/notify";
import type { Context } from "./context.ts";
import { readSettings } from "./read-settings.ts";

/** How this process would notify: its settings, and the secrets of its environment. */
export async function readNotifyConfig(context: Context): Promise<NotifyConfig> {
  const { notifyConfig, readNotifySecrets } = await import("@keruta/server/notify");
  const secrets = await readNotifySecrets(context.env);
  return notifyConfig(await readSettings(context), secrets, context.language);
}
