import fc from "fast-check";
import { expect, test } from "vitest";
import { createByteBuffer } from "./byte-buffer.ts";

test("what is taken is what was added since the last time, and stays so", () => {
  const pieces = fc.array(fc.array(fc.uint8Array({ maxLength: 70 }), { maxLength: 5 }), { maxLength: 8 });
  fc.assert(
    fc.property(pieces, (rounds) => {
      const buffer = createByteBuffer(16);
      const taken = rounds.map((round) => {
        for (const piece of round) buffer.add(piece);
        return buffer.take();
      });
      expect(taken.map((bytes) => Buffer.from(bytes))).toEqual(rounds.map((round) => Buffer.concat(round)));
      expect(buffer.length).toBe(0);
    }),
  );
});

test("after a take it begins with memory for as much again", () => {
  const buffer = createByteBuffer(16);
  buffer.add(new Uint8Array(1000));
  buffer.take();
  buffer.addByte(1);
  expect(buffer.bytes.length).toBe(1000);
});

test("what is cut is not taken", () => {
  const buffer = createByteBuffer();
  buffer.add(Uint8Array.of(1, 2, 3));
  buffer.cut(1);
  buffer.cut(2);
  expect(buffer.take()).toEqual(Uint8Array.of(1));
});
