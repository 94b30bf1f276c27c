import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRawPieces, type RawPiece } from "./pieces.ts";

const stamp = "2026-01-01T00:00:00.123456789Z";
const time = Date.parse("2026-01-01T00:00:00.123Z");

/** Also what comes after the last LF. */
function piecesOf(text: string, chunk = text.length + 1): readonly RawPiece[] {
  const bytes = Buffer.from(text);
  const pieces = createRawPieces();
  const found: RawPiece[] = [];
  for (let at = 0; at < bytes.length; at += chunk) found.push(...pieces.push(bytes.subarray(at, at + chunk)));
  return [...found, ...pieces.rest()];
}

const textOf = ({ bytes, newline }: RawPiece) =>
  `${Buffer.from(bytes).toString("latin1")}${newline ? "\n" : ""}`;

describe("a raw log", () => {
  const text = fc.oneof(
    fc.constantFrom("", "a", "x".repeat(7999), "x".repeat(8000), "x".repeat(8001), "x".repeat(24_000)),
    fc.string({ maxLength: 30 }).map((any) => any.replaceAll(/[\n\u0080-\uffff]/g, "")),
  );
  const line = fc.tuple(fc.constantFrom(`${stamp} `, "2026-01-01T09:00:00.5+09:00 ", ""), text);

  test("is cut into the same pieces however it is chunked, and they make up what was written", () => {
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 5 }),
        text,
        fc.constantFrom(5, 300, 7999, 9000),
        (lines, last, chunk) => {
          const log = `${lines.map(([before, words]) => `${before}${words}\n`).join("")}${stamp} ${last}`;
          const pieces = piecesOf(log, chunk);
          expect(pieces).toEqual(piecesOf(log));
          expect(pieces.map(textOf).join("")).toBe(
            `${lines.map(([, words]) => `${words}\n`).join("")}${last}`,
          );
          expect(pieces.every(({ bytes }) => bytes.length <= 8000)).toBe(true);
        },
      ),
    );
  });

  test("has the stamp of a line on each of its pieces, and reads none in its middle", () => {
    const hostile = `9999-12-31T00:00:00Z ${"x".repeat(7979)}`;
    const pieces = piecesOf(`${stamp} ${hostile}${hostile}2026-01-01Tx y\n${stamp} z\n`);
    expect(pieces.map((piece) => [piece.stamp, piece.time, piece.bytes.length, piece.newline])).toEqual([
      [stamp, time, 8000, false],
      [stamp, time, 8000, false],
      [stamp, time, 14, true],
      [stamp, time, 1, true],
    ]);
  });

  test.each(["2026-01-01Tx", "2026-13-41T00:00:00Z", "2026-01-01T25:61:00Z", "5", "2026", ""])(
    "has no time where a line begins with %j",
    (word) => {
      expect(piecesOf(`${word} words\n`)).toMatchObject([
        { stamp: "", time: null, bytes: Buffer.from(`${word} words`) },
      ]);
    },
  );

  test("counts the pieces that are the same, of one stamp", () => {
    const other = stamp.replace("789Z", "788Z");
    const pieces = piecesOf(`${stamp} a\n${stamp} b\n${other} a\n${stamp} a\n${stamp} a`);
    expect(pieces.map(({ occurrence }) => occurrence)).toEqual([1, 1, 1, 2, 1]);
  });
});
