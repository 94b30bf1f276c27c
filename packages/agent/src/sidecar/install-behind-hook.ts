import { setTimeout as sleep } from "node:timers/promises";
import { isKerutaError } from "@keruta/shared/domain";
import type { InstallOptions } from "../arguments/install-arguments.ts";
import type { Host } from "../host/host.ts";
import { installAgent } from "../install/install.ts";

/** Milliseconds; the hook takes a tenth of a second. */
const hookTime = 1000;

/**
 * Installs what the container's postStart hook should have. A hook whose kubelet or container runtime is killed while
 * it runs is not run again: Kubernetes 1.35 finds the sidecar running and starts the next container. What hinders it is
 * said and no more: it hinders the hook as well, which then has the sidecar started again.
 */
export async function installBehindHook(
  options: InstallOptions,
  over: Promise<void>,
  host: Host,
): Promise<void> {
  const isOver = await Promise.race([sleep(hookTime, false, { ref: false }), over.then(() => true)]);
  if (isOver) return;
  try {
    await installAgent(options, ".again", host);
  } catch (error) {
    if (!isKerutaError(error)) throw error;
    host.complain(`keruta-agent: ${error.text.en}`);
  }
}
