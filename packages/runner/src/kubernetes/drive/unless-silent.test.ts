import { expect, test } from "vitest";
import { unlessSilent } from "./unless-silent.ts";
import { abortOf, timeOfWaits } from "./waits.harness.ts";

interface Given {
  /** Milliseconds that the reader takes for a chunk. */
  readonly reading?: number;
  readonly countsFrom?: number;
}

/** Chunks at these milliseconds, and then nothing for ever. */
async function read(at: readonly number[], { reading = 0, countsFrom }: Given = {}) {
  const { clock, timers } = timeOfWaits();
  const wait = (milliseconds: number) =>
    new Promise<void>((resolve) => void timers.after(milliseconds, resolve));
  const { signal: stop } = new AbortController();
  const counts = new AbortController();
  if (countsFrom !== undefined) void wait(countsFrom).then(() => counts.abort());
  const since = countsFrom === undefined ? {} : { since: counts.signal };
  const bytes = unlessSilent({ timers }, { milliseconds: 1000, stop, ...since }, async function* (signal) {
    for (const time of at) {
      await wait(Math.max(0, time - clock()));
      yield new Uint8Array(1);
    }
    await abortOf(signal);
  });
  let chunks = 0;
  try {
    for await (const _ of bytes) {
      chunks += 1;
      await wait(reading);
    }
  } catch (error) {
    return { chunks, error, end: clock() };
  }
  return { chunks, error: undefined, end: clock() };
}

const cut = { code: "KRT_CLUSTER_CUT" };

test("bytes are read as long as they come, and a silence is a cut", async () => {
  expect(await read([0, 900, 1800])).toMatchObject({ chunks: 3, error: cut, end: 2800 });
});

test("a silence from the beginning is a cut", async () => {
  expect(await read([])).toMatchObject({ chunks: 0, error: cut, end: 1000 });
});

test("the reader's own time is no silence", async () => {
  expect(await read([0, 0], { reading: 5000 })).toMatchObject({ chunks: 2, error: cut, end: 11_000 });
});

test("a silence counts from a signal on", async () => {
  expect(await read([0, 5000], { countsFrom: 9000 })).toMatchObject({ chunks: 2, error: cut, end: 10_000 });
  expect(await read([0, 9500], { countsFrom: 9000 })).toMatchObject({ chunks: 2, error: cut, end: 10_500 });
});

test("who stops it has the signal's own reason", async () => {
  const stop = AbortSignal.abort(new Error("enough"));
  const bytes = unlessSilent(timeOfWaits(), { milliseconds: 1000, stop }, async function* (signal) {
    yield new Uint8Array(1);
    signal.throwIfAborted();
  });
  await expect(Array.fromAsync(bytes)).rejects.toThrow("enough");
});
