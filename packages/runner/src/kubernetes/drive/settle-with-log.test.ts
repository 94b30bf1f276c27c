import { KerutaError, type AttemptResult, type LogEntry } from "@keruta/shared/domain";
import { expect, test } from "vitest";
import { memoryLog } from "../../follow/follow.harness.ts";
import { keeperOf, newWorld } from "../../follow/log-keeper.harness.ts";
import { settleWithLog } from "./settle-with-log.ts";

const lease = { taskId: "aaaaaaaaaa", attempt: 1, token: "t" };
const output = (sequence: number): LogEntry => ({
  kind: "output",
  sequence,
  time: 1,
  stream: "stdout",
  level: "INFO",
  bytes: new TextEncoder().encode("x"),
  newline: true,
});

/** `brought`: entries that the agent has brought before each try to settle. */
async function settle(brought: readonly number[]) {
  const store = memoryLog();
  const log = await keeperOf(store, newWorld());
  const tries: [logSequence: number | undefined, bytes: number | undefined][] = [];
  const queue = {
    async settle(_: object, result: AttemptResult, __: null, logSequence?: number) {
      const more = brought[tries.length] ?? 0;
      tries.push([logSequence, result.log?.bytes]);
      const next = store.entries.length + 1;
      if (more > 0)
        await store.appendLog(
          lease,
          Array.from({ length: more }, (_entry, n) => output(next + n)),
        );
      if (logSequence !== undefined && store.entries.length > logSequence)
        throw new KerutaError("KRT_USAGE", { en: "", ja: "" });
    },
  };
  const settings = { retryAttempts: 1, retryBackoff: 1000, retryOn: [] };
  const input = {
    claim: { task: { spec: {} }, lease, attemptsMade: 1 },
    evidence: {
      report: null,
      cluster: null,
      preparation: null,
      cancelled: false,
      artifactsMissing: null,
      agentEnd: null,
    },
    artifacts: null,
  };
  await settleWithLog(
    { queue, settings, clock: () => 0 } as unknown as Parameters<typeof settleWithLog>[0],
    input as unknown as Parameters<typeof settleWithLog>[1],
    { log, summary: log.summary(true), complete: async () => log.summary(false) },
  );
  return tries;
}

test("a log that does not grow is settled as it was counted", async () => {
  expect(await settle([])).toEqual([[0, 0]]);
});

test("what comes between counting and settling is counted", async () => {
  expect(await settle([2, 1])).toEqual([
    [0, 0],
    [2, 4],
    [3, 6],
  ]);
});

test("an agent that goes on bringing does not keep the attempt from its result", async () => {
  expect(await settle([1, 1, 1, 1, 1])).toEqual([
    [0, 0],
    [1, 2],
    [2, 4],
    [undefined, 6],
  ]);
});
