import { resolve } from "node:path";
import { runFiles, type DriverMessage } from "@keruta/shared/domain";
import { parseRunDirectory } from "../arguments/run-directory-arguments.ts";
import type { Host } from "../host/host.ts";
import { requestOf } from "./request.ts";

/**
 * `keruta-agent stop`: asks the agent of the main container to stop the command, and prints `ok` when it will, `ended`
 * where the command has ended by itself.
 */
export async function sendStop(args: readonly string[], host: Host): Promise<number> {
  const runDirectory = resolve(host.directory, parseRunDirectory(args));
  const message: DriverMessage = { type: "stop", why: "cancel" };
  const { ended } = await requestOf(resolve(runDirectory, runFiles.socket), message);
  host.print(ended ? "ended\n" : "ok\n");
  return 0;
}
