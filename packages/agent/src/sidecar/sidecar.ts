import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { formatDuration } from "@keruta/shared/domain";
import { parseSidecarArguments, type SidecarOptions } from "../arguments/sidecar-arguments.ts";
import type { Host } from "../host/host.ts";
import { awaitAcknowledgement, type Acknowledgement } from "./acknowledgement.ts";
import { installBehindHook } from "./install-behind-hook.ts";
import { defaultPatience, reportedEnd, type Patience } from "./reported-end.ts";
import { uploadWanted } from "./upload-wanted.ts";
import { whatIsWanted } from "./what-is-wanted.ts";

/**
 * `keruta-agent sidecar`: keeps spool and artifacts of a Pod within reach of exec after the main container's end,
 * which the kubelet tells by SIGTERM: until a driver has acknowledged, the grace has passed, or at once where
 * nothing is to be fetched. With `--upload-to` it brings the artifacts to the server itself; with `--install-to` it
 * installs the agent where its postStart hook has not.
 */
export async function sidecar(
  args: readonly string[],
  host: Host,
  patience = defaultPatience,
): Promise<number> {
  const options = parseSidecarArguments(args);
  const told = new AbortController();
  const mainEnded = new Promise<void>((end) => {
    host.onSignal("SIGTERM", () => {
      told.abort();
      end();
    });
  });
  const directory = options.installTo;
  if (directory !== null)
    void installBehindHook({ directory, runDirectory: options.runDirectory }, mainEnded, host);
  const acknowledgement = await awaitAcknowledgement(resolve(host.directory, options.runDirectory));
  const isUploadedEarly = await uploadUntold(options, acknowledgement, told.signal, patience, host);
  await mainEnded;
  const toldAt = host.clock();
  // An end before main's would only have the kubelet start the sidecar again.
  if (await acknowledgement.isHere()) return 0;
  if (options.upload && !isUploadedEarly)
    await uploadWanted(options, options.upload, acknowledgement.here, host);
  const wanted = await whatIsWanted(options, toldAt);
  if (wanted === null) return 0;
  host.print(`Waiting for a driver to fetch ${wanted.words}.\n`);
  const over = sleep(Math.max(0, toldAt + wanted.grace - host.clock()), true);
  const late = await Promise.race([acknowledgement.here, over]);
  if (late === true) host.print(`No driver has acknowledged within ${formatDuration(wanted.grace)}.\n`);
  return 0;
}

/** Uploads before the kubelet's word, where that does not come; false where it has come. */
async function uploadUntold(
  options: SidecarOptions,
  acknowledgement: Acknowledgement,
  told: AbortSignal,
  patience: Patience,
  host: Host,
): Promise<boolean> {
  if (!options.upload) return false;
  await reportedEnd(options.runDirectory, told, patience);
  if (told.aborted) return false;
  if (!(await acknowledgement.isHere()))
    await uploadWanted(options, options.upload, acknowledgement.here, host);
  return true;
}
