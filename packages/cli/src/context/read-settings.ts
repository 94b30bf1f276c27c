import { effectiveSettings, type Settings } from "@keruta/shared/domain";
import type { Context } from "./context.ts";

/** The settings as they are now: flags, environment, the queue's, built in. */
export async function readSettings(context: Context): Promise<Settings> {
  const { globals, env } = context;
  const queue = await context.openQueue();
  const stored = await queue.readSettings();
  return effectiveSettings({
    flags: {
      ...(globals.namespace !== undefined && { "keruta.kubernetes.default-namespace": globals.namespace }),
      ...(globals.kubeconfig !== undefined && { "keruta.kubernetes.config-path": globals.kubeconfig }),
    },
    environment: env,
    database: Object.fromEntries(stored.map(({ key, value }) => [key, value])),
  });
}
