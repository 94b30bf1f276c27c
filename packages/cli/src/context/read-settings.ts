import { effectiveSettings, type Settings } from "@keruta/shared/domain";
import type { Context } from "./context.ts";

/** The settings as they are now: flags, environment, the queue's, the kubeconfig's where one is in use, built in. */
export async function readSettings(
  context: Context,
  kubeconfig: Readonly<Record<string, string>> = {},
): Promise<Settings> {
  const { globals, env } = context;
  const queue = await context.openQueue();
  const stored = await queue.readSettings();
  return effectiveSettings({
    flags: {
      ...(globals.namespace !== undefined && { "keruta.kubernetes.default-namespace": globals.namespace }),
      ...(globals.kubeconfig !== undefined && { "keruta.kubernetes.config-path": globals.kubeconfig }),
    },
    environment: env,
    kubeconfig,
    database: Object.fromEntries(stored.map(({ key, value }) => [key, value])),
  });
}
