import fc from "fast-check";
import { expect, test } from "vitest";
import { firstRound, planRound, type RoundEnd } from "./watch-state.ts";

const failed: RoundEnd = { how: "failed", retryAfterMs: undefined };

test("a watch that lived is followed at once, and forgives what was before", () => {
  expect(planRound({ failures: 9 }, { how: "watched", livedMs: 5000 }, 0)).toEqual({
    state: firstRound,
    afterMs: 0,
  });
});

test("the wait doubles from a quarter of a second to ten seconds", () => {
  const waits: number[] = [];
  let state = firstRound;
  for (let n = 0; n < 8; n++) {
    const next = planRound(state, failed, 1);
    waits.push(next.afterMs);
    state = next.state;
  }
  expect(waits).toEqual([250, 500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
});

test("jitter spreads the wait over its upper half, and only adds to what the server asks for", () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.nat(20), random, fc.option(fc.nat(120_000), { nil: undefined }), (failures, r, asked) => {
      const { afterMs } = planRound({ failures }, { how: "failed", retryAfterMs: asked }, r);
      const full = Math.min(250 * 2 ** failures, 10_000);
      expect(afterMs).toBeGreaterThanOrEqual(Math.max(full / 2, Math.min(asked ?? 0, 60_000)));
      expect(afterMs).toBeLessThanOrEqual(Math.max(full, 75_000));
    }),
  );
});
