import { expect, test } from "vitest";
import { poolRandom } from "./random-pool.ts";

/** Counts upwards, so that a byte given twice is seen. */
function counting() {
  let [next, calls] = [0, 0];
  const random = (bytes: number) => {
    calls += 1;
    // As Node's randomBytes does: a Buffer, whose slices are views.
    return Buffer.from(Array.from({ length: bytes }, () => (next = (next + 1) % 251)));
  };
  return { random, calls: () => calls };
}

test("no byte is given twice, and few calls are made", () => {
  const { random, calls } = counting();
  const pooled = poolRandom(random);
  const pieces = Array.from({ length: 256 }, () => pooled(16));
  expect(pieces.map((piece) => piece.length)).toEqual(pieces.map(() => 16));
  expect(Buffer.concat(pieces)).toEqual(Buffer.from(counting().random(4096)));
  expect(calls()).toBe(1);
});

test("more than the pool holds comes at once from its source", () => {
  const { random, calls } = counting();
  expect(poolRandom(random)(10_000)).toHaveLength(10_000);
  expect(calls()).toBe(1);
});

test("a piece is the caller's own: it stays as it is", () => {
  const pooled = poolRandom(counting().random);
  const piece = pooled(4);
  pooled(4000);
  expect([...piece]).toEqual([1, 2, 3, 4]);
});
