import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import {
  archiveOf,
  fileEntry,
  skippedFile,
  streamOf,
  trailerEntry,
  trailerFile,
} from "./fixtures/collection.fixture.ts";
import { createTestStore, generousLimits } from "./fixtures/store.fixture.ts";
import { endOfTar, tarEntry } from "./fixtures/tar.fixture.ts";

const untouched = ["d store", "f 644 precious precious"];

describe("receiving artifacts", () => {
  it("stores what was sent under the final name, acknowledges once and leaves nothing else", async () => {
    using store = createTestStore();
    const content = { "out/a.txt": "alpha", "out/deep/er/b": "", "ユニコード.txt": "こんにちは" };
    const stream = streamOf(archiveOf(content));
    const result = await store.receive({ open: async () => stream });
    expect(result).toMatchObject({ status: "Collected", bytes: 20, message: "", acknowledged: true });
    expect(result.files).toEqual(
      Object.entries(content).map(([path, body]) => {
        const { bytes, sha256 } = trailerFile(path, body);
        return { path, bytes, sha256, skipped: null };
      }),
    );
    expect(readdirSync(join(store.directory, ".."))).toEqual([".queue", "1"]);
    expect(Object.keys(store.content()).toSorted()).toEqual(Object.keys(content).toSorted());
    expect(stream.state).toEqual({ acknowledged: 1, closed: 1 });
  });

  it("masks modes to 0644 and 0755, and sets no time in the future", async () => {
    using store = createTestStore();
    const archive = Buffer.concat([
      tarEntry({ name: "plain", mode: 0o6666 }, "1"),
      tarEntry({ name: "tool", mode: 0o7755 }, "2"),
      tarEntry({ name: "dir/", type: "5", mode: 0o1777 }),
      trailerEntry([trailerFile("plain", "1"), trailerFile("tool", "2")]),
      endOfTar,
    ]);
    await store.receive({ open: async () => streamOf(archive) });
    const mode = (name: string) => statSync(join(store.directory, name)).mode & 0o7777;
    expect([mode("plain"), mode("tool"), mode("dir")]).toEqual([0o644, 0o755, 0o755]);
    expect(statSync(join(store.directory, "plain")).mtimeMs).toBeLessThanOrEqual(Date.now() + 1000);
  });

  it("says Partial, and names what was skipped or not matched", async () => {
    using store = createTestStore();
    const files = [
      trailerFile("a", "1"),
      skippedFile("big", "too-large", "over 5 bytes"),
      skippedFile("a", "unsafe", "twice"),
    ];
    const archive = Buffer.concat([
      fileEntry("a", "1"),
      trailerEntry(files, { unmatched: ["dist/**"] }),
      endOfTar,
    ]);
    const result = await store.receive({ open: async () => streamOf(archive) });
    expect(result.status).toBe("Partial");
    expect(result.message).toBe(
      '2 not collected: "big" (10 bytes, over 5 bytes), "a" (twice). Nothing matched "dist/**".',
    );
    expect(result.files.map(({ path, skipped }) => [path, skipped])).toEqual([
      ["a", null],
      ["big", "too-large"],
    ]);
  });

  it("keeps no file that changed while it was sent", async () => {
    using store = createTestStore();
    const changed = { ...trailerFile("b", "xx"), skipped: "changed" as const };
    const archive = Buffer.concat([
      fileEntry("a", "1"),
      fileEntry("b", "xx"),
      trailerEntry([trailerFile("a", "1"), changed]),
      endOfTar,
    ]);
    const result = await store.receive({ open: async () => streamOf(archive) });
    expect(result.status).toBe("Partial");
    expect(result.files[1]).toEqual({ path: "b", bytes: 2, sha256: null, skipped: "changed" });
    expect(store.content()).toEqual({ a: "1" });
  });

  it("says Missing where nothing came although asked for, and leaves no directory", async () => {
    using store = createTestStore();
    const result = await store.receive({
      open: async () => streamOf(archiveOf({}, 0, { unmatched: ["out/**"] })),
    });
    expect(result).toMatchObject({ status: "Missing", files: [], message: 'Nothing matched "out/**".' });
    expect(store.everything()).toEqual(untouched);
  });

  it("says Collected where nothing was asked for and nothing came", async () => {
    using store = createTestStore();
    expect(await store.receive({ open: async () => streamOf(archiveOf({})) })).toMatchObject({
      status: "Collected",
    });
    expect(store.everything()).toEqual(untouched);
  });

  it("replaces what a crashed driver left, only when the new one is whole", async () => {
    using store = createTestStore();
    mkdirSync(store.directory, { recursive: true });
    writeFileSync(join(store.directory, "old"), "old");
    const part = join(store.directory, "..", ".1.0123456789abcdef.part");
    mkdirSync(part);
    writeFileSync(join(part, "half"), "");
    const bad = Buffer.concat([fileEntry("a", "1"), trailerEntry([trailerFile("a", "2")]), endOfTar]);
    expect((await store.receive({ open: async () => streamOf(bad) })).status).toBe("Failed");
    expect(store.content()).toEqual({ old: "old" });
    expect((await store.receive({ open: async () => streamOf(archiveOf({ a: "1" })) })).status).toBe(
      "Collected",
    );
    expect(store.content()).toEqual({ a: "1" });
    expect(readdirSync(join(store.directory, ".."))).toEqual([".queue", "1"]);
  });

  it("stores what is whole although the sender cannot be told any more", async () => {
    using store = createTestStore();
    const stream = {
      ...streamOf(archiveOf({ a: "1" })),
      acknowledge: () => Promise.reject(new Error("gone")),
    };
    const result = await store.receive({ open: async () => stream });
    expect(result).toMatchObject({ status: "Collected", acknowledged: false });
  });

  it("says Failed, and why, where the store cannot be written", async () => {
    using store = createTestStore();
    writeFileSync(join(store.store, "abcdefghij"), "a file");
    const result = await store.receive({ open: async () => streamOf(archiveOf({ a: "1" })) });
    expect(result.status).toBe("Failed");
    expect(result.message).toContain(store.directory);
    expect(result.message).toContain("keruta.artifacts.store");
  });

  it("asks for no more than it can write: what it was given is never a MiB ahead of the disk", async () => {
    using store = createTestStore();
    const body = Buffer.alloc(8 << 20, "keruta");
    const archive = archiveOf({ big: body });
    let written = 0;
    let furthest = 0;
    const stream = streamOf(archive, { pieceBytes: 1 << 16 });
    async function* counted() {
      let given = 0;
      for await (const piece of stream.bytes) {
        given += piece.length;
        furthest = Math.max(furthest, given - written);
        yield piece;
      }
    }
    const result = await store.receive({
      open: async () => ({ ...stream, bytes: counted() }),
      limits: { ...generousLimits, fileBytes: 1 << 30, totalBytes: 1 << 30 },
      onProgress: ({ bytes }) => {
        written = bytes;
      },
    });
    expect(result.status).toBe("Collected");
    expect(furthest).toBeGreaterThan(0);
    expect(furthest).toBeLessThan(1 << 20);
  });
});

describe("a stream that breaks", () => {
  const content = Object.fromEntries(
    Array.from({ length: 25 }, (_, index) => [
      `out/${String(index).padStart(2, "0")}`,
      "x".repeat(700 + index),
    ]),
  );

  it("goes on from the last whole file, also after 20 cuts in a row", async () => {
    using store = createTestStore();
    const froms: number[] = [];
    const streams: ReturnType<typeof streamOf>[] = [];
    const onBrought = vi.fn<() => void>();
    const result = await store.receive({
      onBrought,
      open: async (from) => {
        froms.push(from);
        const archive = archiveOf(content, from);
        const isCut = froms.length <= 20;
        const stream = streamOf(isCut ? archive.subarray(0, 512 + 1024 + 700) : archive, { cut: isCut });
        streams.push(stream);
        return stream;
      },
    });
    expect(result.status).toBe("Collected");
    expect(store.content()).toEqual(content);
    expect(froms).toEqual(Array.from({ length: 21 }, (_, index) => index));
    expect(onBrought).toHaveBeenCalledTimes(20);
    expect(streams.map(({ state }) => state.closed)).toEqual(streams.map(() => 1));
  });

  it("gives up after five runs that bring nothing new, with the last cause", async () => {
    using store = createTestStore();
    let runs = 0;
    const result = await store.receive({
      open: async (from) => {
        runs += 1;
        if (runs > 3) throw new Error("connection refused");
        return streamOf(archiveOf(content, from).subarray(0, 600), { cut: true });
      },
    });
    expect(runs).toBe(5);
    expect(result).toMatchObject({ status: "Failed", files: [] });
    expect(result.message).toContain("connection refused");
    expect(store.everything()).toEqual(untouched);
  });

  it("drops a file that is another one in a later run, and says so", async () => {
    using store = createTestStore();
    const later = { ...content, "out/00": "other" };
    const result = await store.receive({
      open: async (from) =>
        from === 0
          ? streamOf(archiveOf(content).subarray(0, 3000), { cut: true })
          : streamOf(archiveOf(later, from)),
    });
    expect(result).toMatchObject({ status: "Partial" });
    expect(result.files[0]).toMatchObject({ path: "out/00", sha256: null, skipped: "changed" });
    expect(Object.keys(store.content())).toHaveLength(24);
  });

  it("resumes after a stream that throws", async () => {
    using store = createTestStore();
    async function* breaking(bytes: Uint8Array) {
      yield await Promise.resolve(bytes);
      throw new Error("reset");
    }
    const result = await store.receive({
      open: async (from) => {
        const stream = streamOf(archiveOf(content, from));
        return from === 0 ? { ...stream, bytes: breaking(archiveOf(content).subarray(0, 9000)) } : stream;
      },
    });
    expect(result.status).toBe("Collected");
    expect(store.content()).toEqual(content);
  });

  it("stops at once when its signal aborts, though the sender is silent", async () => {
    using store = createTestStore();
    const controller = new AbortController();
    const stream = streamOf(archiveOf(content).subarray(0, 2000));
    const result = await store.receive({
      open: async () => stream,
      signal: controller.signal,
      onProgress: () => {
        controller.abort(new Error("it took longer than 5 minutes"));
      },
    });
    expect(result).toMatchObject({ status: "Failed", files: [] });
    expect(result.message).toContain("it took longer than 5 minutes");
    expect(stream.state).toEqual({ acknowledged: 0, closed: 1 });
    expect(store.everything()).toEqual(untouched);
  });

  it("closes a stream that opens after the signal aborted", async () => {
    using store = createTestStore();
    const opening = Promise.withResolvers<ReturnType<typeof streamOf>>();
    const controller = new AbortController();
    const result = await store.receive({
      open: () => {
        controller.abort(new Error("no time left"));
        return opening.promise;
      },
      signal: controller.signal,
    });
    expect(result.status).toBe("Failed");
    const closed = Promise.withResolvers<undefined>();
    opening.resolve({
      ...streamOf(archiveOf({})),
      close: async () => {
        await Promise.resolve();
        closed.resolve(undefined);
      },
    });
    await closed.promise;
  });
});
