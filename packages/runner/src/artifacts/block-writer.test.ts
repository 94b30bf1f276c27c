import fc from "fast-check";
import { expect, test } from "vitest";
import { createBlockWriter } from "./block-writer.ts";

/** A file in memory that takes no more than so many bytes a call, and refuses those beyond its space. */
function fileOf(mostBytes: number, space = Number.POSITIVE_INFINITY) {
  const chunks: Buffer[] = [];
  let free = space;
  const write = async (bytes: Uint8Array, start: number, length: number) => {
    const bytesWritten = Math.min(mostBytes, length);
    const taken = Buffer.from(bytes.subarray(start, start + bytesWritten));
    await Promise.resolve();
    free -= bytesWritten;
    if (free < 0) throw new Error("no space");
    chunks.push(taken);
    return { bytesWritten, buffer: bytes };
  };
  return { write: write as never, content: () => Buffer.concat(chunks), calls: () => chunks.length };
}

const block = 256 * 1024;

test("however the bytes come and the file takes them, they are written once and in order", async () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 300_000 }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(sizes, fc.integer({ min: 1000, max: 2 * block }), async (lengths, most) => {
      const all = lengths.map((length, index) => Buffer.alloc(length, index + 1));
      const total = lengths.reduce((a, b) => a + b, 0);
      const file = fileOf(most);
      let written = 0;
      const writer = createBlockWriter(file, total, (bytes) => (written += bytes));
      for (const bytes of all) {
        await writer.write(bytes);
        // The reader takes its buffer back.
        bytes.fill(0xff);
      }
      await writer.end();
      const wanted = Buffer.concat(lengths.map((length, index) => Buffer.alloc(length, index + 1)));
      expect(file.content().equals(wanted)).toBe(true);
      expect(written).toBe(total);
    }),
    { numRuns: 50 },
  );
});

test("small pieces are one call a block", async () => {
  const file = fileOf(block);
  const writer = createBlockWriter(file, 2 * block, () => undefined);
  for (let count = 0; count < 512; count += 1) await writer.write(Buffer.alloc(1024));
  await writer.end();
  expect(file.calls()).toBe(2);
});

test("a file that brings more than it said is written all the same: its reader tells", async () => {
  const file = fileOf(block);
  const writer = createBlockWriter(file, 0, () => undefined);
  await writer.write(Buffer.from("more"));
  await writer.end();
  expect(file.content().toString()).toBe("more");
});

test("what the disk refuses is thrown by the next block, or at the end", async () => {
  const bytes = Buffer.alloc(block);
  const many = createBlockWriter(fileOf(block, block), 4 * block, () => undefined);
  await many.write(bytes);
  await many.write(bytes);
  await expect(many.write(bytes)).rejects.toThrow("no space");
  const one = createBlockWriter(fileOf(block, 1), block, () => undefined);
  await one.write(bytes);
  await expect(one.end()).rejects.toThrow("no space");
});
