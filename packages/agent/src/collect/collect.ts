import { parseCollectArguments } from "../arguments/collect-arguments.ts";
import type { Host } from "../host/host.ts";
import { createOutlet, type Outlet } from "../outlet/outlet.ts";
import { archiveOf } from "./archive.ts";
import { endEarlierCollects } from "./end-earlier.ts";
import { waitForAcknowledgement } from "./wait-for-acknowledgement.ts";

/**
 * `keruta-agent collect`: the artifacts as one tar stream on stdout, the trailer as its last entry; then waits for
 * `ok` on stdin. Gives 0 where it came, 1 where the stream was cut or refused.
 */
export async function collect(args: readonly string[], host: Host): Promise<number> {
  const options = parseCollectArguments(args);
  const acknowledged = waitForAcknowledgement(host.openInput(0));
  await endEarlierCollects(options.runDirectory, host);
  const outlet = createOutlet(host.openOutput(1));
  // A failure to read ends the stream short, which the receiver sees; a receiver that is gone ends the reading.
  await send(archiveOf(options), outlet);
  if (outlet.broken !== null) return 1;
  return (await acknowledged) ? 0 : 1;
}

/** No faster than the receiver takes it. */
async function send(archive: AsyncIterable<Uint8Array>, outlet: Outlet): Promise<void> {
  for await (const chunk of archive) {
    outlet.write(chunk);
    await outlet.room();
    if (outlet.broken !== null) return;
  }
  await outlet.flushed();
}
