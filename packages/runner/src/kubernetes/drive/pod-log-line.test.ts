import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createPodLogLines } from "./pod-log-line.ts";

const bytes = (text: string) => Buffer.from(text, "latin1");

describe("a line of a Pod's log", () => {
  test.each([
    ["UTC, nanoseconds", "2026-11-22T08:00:00.123456789Z", "2026-11-22T08:00:00.123Z"],
    ["another zone", "2026-11-22T08:00:00.123456789+09:00", "2026-11-21T23:00:00.123Z"],
    ["no fraction", "2026-11-22T08:00:00Z", "2026-11-22T08:00:00.000Z"],
    ["one digit", "2026-11-22T08:00:00.5Z", "2026-11-22T08:00:00.500Z"],
  ])("begins with a stamp: %s", (_, stamp, time) => {
    const open = createPodLogLines();
    for (const text of ["first", "", "2026-11-22T08:00:00Z in the text"]) {
      const { record, time: seen } = open(bytes(`${stamp} ${text}`));
      expect([Buffer.from(record).toString(), new Date(seen).toISOString()]).toEqual([text, time]);
    }
  });

  test("keeps the stamp before it where it has none", () => {
    const open = createPodLogLines();
    open(bytes("2026-11-22T08:00:00.25Z one"));
    for (const text of [
      "rest of a line",
      "",
      " ",
      "2026-11-22T08:00:00.xyzZ four",
      "2026-13-99T08:00:00.123Z five",
    ]) {
      const { record, time } = open(bytes(text));
      expect([Buffer.from(record).toString(), time]).toEqual([text, Date.UTC(2026, 10, 22, 8, 0, 0, 250)]);
    }
  });

  test("has the time that its stamp says, whatever came before", () => {
    const instant = fc.date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true });
    const near = fc.tuple(instant, fc.array(fc.integer({ min: 0, max: 90_000 }), { maxLength: 20 }));
    fc.assert(
      fc.property(near, fc.constantFrom("456789", "000", ""), ([start, distances], more) => {
        const open = createPodLogLines();
        for (const distance of distances) {
          const time = start.getTime() + distance;
          const stamp = new Date(time).toISOString().replace("Z", `${more}Z`);
          expect(open(bytes(`${stamp} text`)).time).toBe(time);
        }
      }),
    );
  });
});
