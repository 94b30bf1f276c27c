import { expect, test } from "vitest";
import { shareChanges } from "./share-changes.ts";

/** A store whose watch does what the test says, by turns, and then waits for its end. */
function watched(...turns: (() => AsyncIterable<void>)[]) {
  let begun = 0;
  const queue = {
    async *changes(signal: AbortSignal): AsyncGenerator<void> {
      begun += 1;
      const turn = turns.shift();
      if (turn) yield* turn();
      else if (!signal.aborted)
        await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
    },
  };
  return { queue, begun: () => begun };
}
// oxlint-disable-next-line require-yield -- it fails before anything comes
async function* fails(): AsyncGenerator<void> {
  throw new Error("no watch");
}
async function* hints(count: number): AsyncGenerator<void> {
  for (let n = 0; n < count; n += 1) yield;
}
async function* hintsThenFails(): AsyncGenerator<void> {
  yield;
  throw new Error("cut");
}
const soon = () => new Promise((resolve) => setTimeout(resolve, 20));

/** Pauses that end when the test says so. */
function pauses() {
  const asked: number[] = [];
  let resume: () => void = () => undefined;
  const pause = async (milliseconds: number, signal: AbortSignal) => {
    asked.push(milliseconds);
    await new Promise<void>((resolve) => {
      resume = resolve;
      signal.addEventListener("abort", () => resolve());
    });
  };
  return { asked, pause, end: () => resume() };
}

/** Counts the hints that a listener gets. */
function listen(changes: ReturnType<typeof shareChanges>) {
  const stop = new AbortController();
  let count = 0;
  const done = (async () => {
    for await (const _ of changes(stop.signal)) count += 1;
  })();
  const end = () => {
    stop.abort();
    return done;
  };
  return { count: () => count, end };
}

test("a watch that fails at once is tried again after pauses that grow, and not in a loop", async () => {
  const { queue, begun } = watched(...Array.from({ length: 9 }, () => fails));
  const { asked, pause, end } = pauses();
  const listener = listen(shareChanges(queue, pause));
  await soon();
  expect([begun(), asked]).toEqual([1, [250]]);
  for (let turn = 2; turn <= 9; turn += 1) {
    end();
    await soon();
    expect(begun()).toBe(turn);
  }
  expect(asked).toEqual([250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
  await listener.end();
});

test("one watch is for all who listen: each hears of its hints and of its failure", async () => {
  const { queue, begun } = watched(hintsThenFails);
  const { pause, end } = pauses();
  const changes = shareChanges(queue, pause);
  const [one, other] = [listen(changes), listen(changes)];
  await soon();
  expect(one.count()).toBeGreaterThan(0);
  const before = [one.count(), other.count()];
  end();
  await soon();
  expect([begun(), one.count(), other.count()]).toEqual([2, ...before]);
  await one.end();
  await other.end();
});

test("a watch that had worked is tried again soon", async () => {
  const { queue } = watched(fails, fails, () => hints(3), fails);
  const { asked, pause, end } = pauses();
  const listener = listen(shareChanges(queue, pause));
  for (let turn = 0; turn < 3; turn += 1) {
    await soon();
    end();
  }
  await soon();
  expect(asked).toEqual([250, 500, 250, 500]);
  await listener.end();
});

test("when nobody listens any more the watch and its pause end, and the next listener begins another", async () => {
  const { queue, begun } = watched(fails);
  const { pause } = pauses();
  const changes = shareChanges(queue, pause);
  const listener = listen(changes);
  await soon();
  await listener.end();
  await soon();
  expect(begun()).toBe(1);
  const next = listen(changes);
  await soon();
  expect(begun()).toBe(2);
  await next.end();
});
