import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { formatDuration } from "@keruta/shared/domain";
import { parseSidecarArguments } from "../arguments/sidecar-arguments.ts";
import type { Host } from "../host/host.ts";
import { awaitAcknowledgement } from "./acknowledgement.ts";
import { installBehindHook } from "./install-behind-hook.ts";
import { uploadWanted } from "./upload-wanted.ts";
import { whatIsWanted } from "./what-is-wanted.ts";

/**
 * `keruta-agent sidecar`: keeps spool and artifacts of a Pod within reach of exec after the main container's end,
 * which the kubelet tells by SIGTERM: until a driver has acknowledged, the grace has passed, or at once where
 * nothing is to be fetched. With `--upload-to` it brings the artifacts to the server itself; with `--install-to` it
 * installs the agent where its postStart hook has not.
 */
export async function sidecar(args: readonly string[], host: Host): Promise<number> {
  const options = parseSidecarArguments(args);
  const mainEnded = new Promise<void>((end) => {
    host.onSignal("SIGTERM", end);
  });
  const directory = options.installTo;
  if (directory !== null)
    void installBehindHook({ directory, runDirectory: options.runDirectory }, mainEnded, host);
  const acknowledgement = await awaitAcknowledgement(resolve(host.directory, options.runDirectory));
  await mainEnded;
  const toldAt = host.clock();
  // An end before main's would only have the kubelet start the sidecar again.
  if (await acknowledgement.isHere()) return 0;
  if (options.upload) await uploadWanted(options, options.upload, acknowledgement.here, host);
  const wanted = await whatIsWanted(options, toldAt);
  if (wanted === null) return 0;
  host.print(`Waiting for a driver to fetch ${wanted.words}.\n`);
  const over = sleep(Math.max(0, toldAt + wanted.grace - host.clock()), true);
  const late = await Promise.race([acknowledgement.here, over]);
  if (late === true) host.print(`No driver has acknowledged within ${formatDuration(wanted.grace)}.\n`);
  return 0;
}
