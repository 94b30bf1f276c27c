import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { archiveOf, fileEntry, streamOf, trailerEntry, trailerFile } from "./fixtures/collection.fixture.ts";
import { createTestStore, type TestStore } from "./fixtures/store.fixture.ts";
import { base256, endOfTar, gnuLongName, paxHeader, tarEntry, tarHeader } from "./fixtures/tar.fixture.ts";

const part = fc.oneof(
  fc.constantFrom(
    "a",
    "b",
    "A",
    "é",
    "e\u0301",
    "..",
    ".",
    "",
    "l",
    ".keruta",
    "trailer.json",
    "precious",
    "C:",
    "x\0y",
    "\\",
    "\n",
  ),
  fc.string({ maxLength: 6, unit: "binary" }),
  fc.integer({ min: 200, max: 300 }).map((length) => "n".repeat(length)),
);
const name = fc
  .tuple(fc.constantFrom("", "", "", "/", "../", "./"), fc.array(part, { minLength: 1, maxLength: 5 }))
  .map(([start, parts]) => start + parts.join("/"));
const body = fc.uint8Array({ maxLength: 1500 });
const size = fc.oneof(
  fc.integer({ min: 0, max: 5000 }),
  fc.constantFrom(0o77777777777, 1 << 30),
  fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }).map(base256),
  fc.uint8Array({ minLength: 12, maxLength: 12 }),
);
const type = fc.constantFrom(
  "0",
  "0",
  "\0",
  "1",
  "2",
  "3",
  "4",
  "5",
  "6",
  "7",
  "S",
  "V",
  "M",
  "D",
  "x",
  "g",
  "L",
  "K",
  "Z",
);

const piece: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.tuple(name, body).map(([path, content]) => fileEntry(path, content)),
  fc
    .tuple(name, type, body, name)
    .map(([path, kind, content, linkname]) => tarEntry({ name: path, type: kind, linkname }, content)),
  fc
    .tuple(name, type, size)
    .map(([path, kind, announced]) => tarHeader({ name: path, type: kind, size: announced })),
  name.map((path) => paxHeader({ path })),
  fc
    .tuple(
      fc.constantFrom("path", "size", "linkpath", "GNU.sparse.size"),
      fc.string(),
      fc.constantFrom("x", "g"),
    )
    .map(([key, value, kind]) => paxHeader({ [key]: value }, kind)),
  fc.tuple(name, fc.constantFrom("L", "K")).map(([path, kind]) => gnuLongName(path, kind)),
  fc.constant(
    Buffer.concat([tarEntry({ name: "l", type: "2", linkname: ".." }), fileEntry("l/precious", "hit")]),
  ),
  fc.uint8Array({ maxLength: 1024 }),
  fc.integer({ min: 1, max: 4 }).map((blocks) => Buffer.alloc(512 * blocks)),
  fc
    .array(fc.tuple(name, body))
    .map((files) => trailerEntry(files.map(([path, content]) => trailerFile(path, content)))),
);

/** Whatever came, the file beside the store is as it was and no half-made directory stays. */
async function receiveAnything(store: TestStore, archive: Uint8Array, pieceBytes: number) {
  const result = await store.receive({
    open: async (from) => streamOf(from === 0 ? archive : Buffer.alloc(0), { cut: true, pieceBytes }),
  });
  const outside = store.everything().filter((line) => !line.includes("store/abcdefghij/1"));
  const ofTask = ["d store/abcdefghij", "f 600 store/abcdefghij/.queue queue-of-tests\n"];
  expect(outside.filter((line) => !ofTask.includes(line))).toEqual(["d store", "f 644 precious precious"]);
  expect(result.status === "Failed" ? store.everything() : outside).toEqual(outside);
  return result;
}

describe("any bytes at all", () => {
  it("never write outside, hang or leave something half-made", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 8 }),
        fc.integer({ min: 1, max: 3000 }),
        fc.boolean(),
        async (pieces, pieceBytes, isEnded) => {
          using store = createTestStore();
          const archive = Buffer.concat([...pieces, ...(isEnded ? [endOfTar] : [])]);
          const result = await receiveAnything(store, archive, pieceBytes);
          for (const { path, sha256 } of result.files) {
            if (sha256 === null) continue;
            const stored = readFileSync(join(store.directory, path));
            expect(createHash("sha256").update(stored).digest("hex")).toBe(sha256);
          }
        },
      ),
      { numRuns: 200 },
    );
  }, 60_000);

  it("a good archive with bytes flipped is stored as it was meant or not at all", async () => {
    const content = { "out/a": "alpha", "out/b/c": "x".repeat(2000), [`${"n".repeat(120)}`]: "3" };
    const whole = archiveOf(content);
    const flips = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 255 })), {
      minLength: 1,
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(flips, async (changes) => {
        using store = createTestStore();
        const archive = Buffer.from(whole);
        for (const [index, bits] of changes) archive[index] = (archive[index] ?? 0) ^ bits;
        const result = await receiveAnything(store, archive, 700);
        const isCollected = result.status === "Collected";
        expect(isCollected ? store.content() : content).toEqual(content);
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  it("an archive cut anywhere, in pieces of any size, ends whole by going on", async () => {
    const content = Object.fromEntries(
      Array.from({ length: 6 }, (_, index) => [`f${String(index)}`, "x".repeat(index * 400)]),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(8000), { maxLength: 4 }),
        fc.integer({ min: 1, max: 2000 }),
        async (cuts, pieceBytes) => {
          using store = createTestStore();
          const rest = [...cuts];
          const result = await store.receive({
            open: async (from) => {
              const archive = archiveOf(content, from);
              return streamOf(archive.subarray(0, rest.shift() ?? archive.length), { cut: true, pieceBytes });
            },
          });
          expect(result.status).toBe("Collected");
          expect(store.content()).toEqual(content);
        },
      ),
      { numRuns: 50 },
    );
  }, 60_000);
});
