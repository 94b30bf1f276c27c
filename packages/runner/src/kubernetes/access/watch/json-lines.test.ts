import fc from "fast-check";
import { expect, test } from "vitest";
import { BrokenLine, readJsonLines } from "./json-lines.ts";

async function decode(chunks: readonly Uint8Array[]): Promise<unknown[]> {
  const values: unknown[] = [];
  async function* bytes() {
    for (const chunk of chunks) yield await Promise.resolve(chunk);
  }
  for await (const value of readJsonLines(bytes())) values.push(value);
  return values;
}

function cutAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

test("however the bytes are cut, the same values come out", async () => {
  const values = fc.array(fc.record({ text: fc.string({ unit: "binary" }), n: fc.integer() }));
  await fc.assert(
    fc.asyncProperty(values, fc.array(fc.nat()), async (sent, cuts) => {
      const bytes = Buffer.from(sent.map((value) => `${JSON.stringify(value)}\n`).join(""));
      expect(await decode(cutAt(bytes, cuts))).toEqual(sent);
    }),
  );
});

test("an object of 20 MB in chunks of 64 KiB is decoded", async () => {
  const big = { text: "x".repeat(20_000_000) };
  const bytes = Buffer.from(`${JSON.stringify(big)}\n`);
  const cuts = Array.from({ length: Math.floor(bytes.length / 65_536) }, (_, n) => (n + 1) * 65_536);
  expect(await decode(cutAt(bytes, cuts))).toEqual([big]);
});

test.each(['{"a":1}\n{"b"', "{]\n", "{"])("%j is a broken line", async (text) => {
  await expect(decode([Buffer.from(text)])).rejects.toBeInstanceOf(BrokenLine);
});
