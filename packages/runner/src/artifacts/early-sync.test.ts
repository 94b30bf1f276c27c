import { expect, test } from "vitest";
import { createEarlySync } from "./early-sync.ts";

const mebibyte = 1 << 20;

function handle() {
  const syncs: PromiseWithResolvers<void>[] = [];
  const datasync = () => {
    const one = Promise.withResolvers<void>();
    syncs.push(one);
    return one.promise;
  };
  return { datasync, syncs };
}

test("a small file is not synced early", async () => {
  const file = handle();
  const early = createEarlySync(file);
  early.wrote(31 * mebibyte);
  await early.end();
  expect(file.syncs.length).toBe(0);
});

test("a large one is, one sync at a time, and its end waits for the last", async () => {
  const file = handle();
  const early = createEarlySync(file);
  for (let n = 0; n < 100; n += 1) early.wrote(mebibyte);
  expect(file.syncs.length).toBe(1);
  file.syncs[0]?.resolve();
  await early.end();
  early.wrote(mebibyte);
  expect(file.syncs.length).toBe(2);
  let isOver = false;
  const end = early.end().then(() => (isOver = true));
  await Promise.resolve();
  expect(isOver).toBe(false);
  file.syncs[1]?.resolve();
  await end;
});

test("what the disk refuses is thrown at the end, each time", async () => {
  const file = handle();
  const early = createEarlySync(file);
  early.wrote(32 * mebibyte);
  file.syncs[0]?.reject(new Error("EIO"));
  await expect(early.end()).rejects.toThrow("EIO");
  await expect(early.end()).rejects.toThrow("EIO");
});
