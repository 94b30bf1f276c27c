import { describe, expect, test } from "vitest";
import { agentOf, bytesOf, memoryLog, written } from "./follow.harness.ts";
import { followWire } from "./follow-wire.ts";
import { complete, detect, lines, spoolOf } from "./log-keeper.harness.ts";
import { createLogKeeper } from "./log-keeper.ts";
import { createResumingTracker } from "./resuming-tracker.ts";
import { liveBytes } from "./live-bytes.harness.ts";

const chunkBytes = 64 << 10;

/** As from a socket: each chunk has memory of its own. */
function chunkOf(line: string): Uint8Array {
  return new Uint8Array(Buffer.alloc(chunkBytes - (chunkBytes % (line.length + 1)), `${line}\n`));
}

describe("lines that a command writes past its agent, with no mark among them", () => {
  test.each([
    { name: "300 MB of long lines", line: "forged ".repeat(500), megabytes: 300, isCut: false },
    { name: "two million lines of one byte", line: "y", megabytes: 4, isCut: false },
    { name: "after a connection that was cut", line: "forged ".repeat(20), megabytes: 100, isCut: true },
  ])(
    "take no memory, and the log comes whole: $name",
    { timeout: 120_000 },
    async ({ line, megabytes, isCut }) => {
      const [store, agent] = [memoryLog(), agentOf(lines(90), 4)];
      const log = await createLogKeeper({
        queue: store,
        lease: { taskId: "k7m2xqaf4t", attempt: 1, token: "t" },
        detect,
        dropDebug: false,
        clock: () => 2,
        show: async () => undefined,
        onFull: () => undefined,
      });
      const before = await liveBytes(process);
      let most = 0;
      const first = isCut ? agent.wire.indexOf("\n") + 1 : 0;
      const half = agent.wire.indexOf("\n", agent.wire.length / 2) + 1;
      const chunks = Math.ceil((megabytes * 1e6) / chunkBytes);
      await followWire({
        wire: (async function* () {
          yield agent.wire.subarray(first, half);
          for (let count = 0; count < chunks; count += 1) {
            yield chunkOf(line);
            if (count % Math.ceil(chunks / 4) === 0)
              most = Math.max(most, (await liveBytes(process)) - before);
          }
          most = Math.max(most, (await liveBytes(process)) - before);
          yield agent.wire.subarray(half);
        })(),
        tracker: createResumingTracker(log.position),
        log,
        openLine: (record) => ({ record, time: 1 }),
        onControl: () => undefined,
        readSpool: spoolOf(agent),
      });
      expect(most).toBeLessThan(20e6);
      // Already before the end: each mark after the flood heals what was before it.
      expect(log.position.sequence).toBe(90);
      expect(await complete(log, agent, spoolOf(agent))).toMatchObject({ complete: true });
      for (const stream of ["stdout", "stderr"] as const)
        expect(bytesOf(store.entries, stream)).toEqual(written(lines(90), stream));
    },
  );
});
