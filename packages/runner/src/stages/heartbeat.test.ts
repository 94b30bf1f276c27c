import { expect, test } from "vitest";
import { KerutaError, type ErrorCode } from "@keruta/shared/domain";
import type { Queue, RenewOutcome } from "@keruta/shared/queue";
import { leaseDuration, startHeartbeat } from "./heartbeat.ts";

const lease = { taskId: "k7m2xqaf4t", attempt: 1, token: "t" };

/** Beats for some minutes against a queue that answers so. */
async function beatAgainst(answer: () => Promise<RenewOutcome>) {
  let now = 0;
  let beat: () => void = () => undefined;
  const heartbeat = startHeartbeat({
    queue: { renewLease: answer } as unknown as Queue,
    lease,
    clock: () => now,
    timers: {
      after: () => () => undefined,
      every: (_, act) => {
        beat = act;
        return () => undefined;
      },
    },
    cancelWishes: { listen: () => ({ stop: () => Promise.resolve() }) },
  });
  for (; now < 5 * leaseDuration; now += 15_000) {
    beat();
    await new Promise((resolve) => void setImmediate(resolve));
  }
  await heartbeat.stop();
  return heartbeat.lost.aborted;
}

const failing = (code: ErrorCode) => () => Promise.reject(new KerutaError(code, { en: "no", ja: "" }));

test("a queue without space takes no attempt away", async () => {
  expect(await beatAgainst(failing("KRT_DB_FULL"))).toBe(false);
});

test("a queue that stays silent for a lease's time takes it away", async () => {
  expect(await beatAgainst(failing("KRT_DB_UNREACHABLE"))).toBe(true);
});

test("its own word takes the attempt away, also when it had no space before", async () => {
  let beats = 0;
  const answer = () => (beats++ < 2 ? failing("KRT_DB_FULL")() : Promise.resolve({ held: false } as const));
  expect(await beatAgainst(answer)).toBe(true);
});
