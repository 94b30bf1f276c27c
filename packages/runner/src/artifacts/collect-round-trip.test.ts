import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import type { ArtifactStream } from "./artifact-stream.ts";
import { startingAt } from "./receive-whole.ts";
import { createTestStore, type TestStore } from "./fixtures/store.fixture.ts";

const main = resolve(import.meta.dirname, "../../../agent/src/main.ts");
const running = new Set<ReturnType<typeof spawn>>();

/** A real sender; `killAfter` bytes it is killed, as when its Pod or connection goes. */
function startSender(args: readonly string[], killAfter = Infinity) {
  const child = spawn(process.execPath, ["--conditions=keruta-source", main, "collect", ...args], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  running.add(child);
  const ended = once(child, "close").then(([code]) => {
    running.delete(child);
    return code as number | null;
  });
  child.stdin.on("error", () => undefined);
  async function* bytes() {
    let read = 0;
    for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
      yield chunk;
      read += chunk.length;
      if (read >= killAfter) child.kill("SIGKILL");
    }
  }
  const stream: ArtifactStream = {
    bytes: bytes(),
    acknowledge: async () => {
      child.stdin.end("ok\n");
      await ended;
    },
    close: async () => {
      child.stdin.end();
      child.stdout.destroy();
      await ended;
    },
  };
  return { stream, ended };
}

function createWorkspace({ root }: TestStore) {
  const workspace = join(root, "workspace");
  mkdirSync(join(workspace, "out", "deep"), { recursive: true });
  mkdirSync(join(root, "run"));
  const args = ["--run-dir", join(root, "run"), "--workspace", workspace, "--artifact", "out/**"];
  return { workspace, args };
}

afterEach(() => {
  if (running.size > 0) throw new Error(`${String(running.size)} senders are still running`);
});

describe("with a real keruta-agent collect", () => {
  it("stores what it sends, byte for byte, and its sender ends with 0", async () => {
    using store = createTestStore();
    const { workspace, args } = createWorkspace(store);
    const big = Buffer.from(Array.from({ length: 700_000 }, (_, index) => (index * 7919) % 251));
    writeFileSync(join(workspace, "out", "big"), big);
    writeFileSync(join(workspace, "out", "empty"), "");
    writeFileSync(join(workspace, "out", "deep", `${"長い".repeat(40)}.txt`), "unicode");
    writeFileSync(join(workspace, "out", "tool"), "#!/bin/sh\n");
    chmodSync(join(workspace, "out", "tool"), 0o777);
    const sender = startSender(args);
    const result = await store.receive({ open: async () => sender.stream });
    expect(result).toMatchObject({ status: "Collected", message: "", acknowledged: true });
    expect(await sender.ended).toBe(0);
    expect(result.files).toHaveLength(4);
    expect(readFileSync(join(store.directory, "out", "big")).equals(big)).toBe(true);
    expect(statSync(join(store.directory, "out", "tool")).mode & 0o7777).toBe(0o755);
  });

  it("says Partial, and why, for links that lead outside, files over the limit and patterns without a match", async () => {
    using store = createTestStore();
    const { workspace, args } = createWorkspace(store);
    symlinkSync(join(store.root, "precious"), join(workspace, "out", "link"));
    writeFileSync(join(workspace, "out", "large"), Buffer.alloc(5000));
    writeFileSync(join(workspace, "out", "small"), "1");
    const sender = startSender([...args, "--artifact", "dist/*", "--max-bytes", "4096"]);
    const result = await store.receive({ open: async () => sender.stream });
    expect(result.status).toBe("Partial");
    expect(result.message).toBe(
      '2 not collected: "out/large" (5000 bytes, over 4096 bytes), "out/link" (a link that leads outside). ' +
        'Nothing matched "dist/*".',
    );
    expect(store.content()).toEqual({ "out/small": "1" });
  });

  it("goes on after its sender was killed, twice", async () => {
    using store = createTestStore();
    const { workspace, args } = createWorkspace(store);
    for (let index = 0; index < 12; index += 1) {
      writeFileSync(
        join(workspace, "out", `f${String(index).padStart(2, "0")}`),
        Buffer.alloc(300_000, index),
      );
    }
    const froms: number[] = [];
    const result = await store.receive({
      open: async (...place) => {
        froms.push(place[0]);
        return startSender(startingAt(args, ...place), froms.length < 3 ? 1_000_000 : Infinity).stream;
      },
    });
    expect(result).toMatchObject({ status: "Collected", bytes: 3_600_000 });
    expect(froms).toHaveLength(3);
    expect(froms.slice(1).every((from) => from >= 3)).toBe(true);
  });

  it("goes on inside one large file, cut twenty times", { timeout: 120_000, tags: ["long"] }, async () => {
    using store = createTestStore();
    const { workspace, args } = createWorkspace(store);
    const big = Buffer.alloc(48_000_000).map((_, index) => index % 251);
    writeFileSync(join(workspace, "out", "big"), big);
    const offsets: number[] = [];
    const result = await store.receive({
      limits: { entries: 10, fileBytes: 1 << 26, totalBytes: 1 << 26, listBytes: 1 << 20 },
      open: async (from, offset) => {
        offsets.push(offset);
        return startSender(startingAt(args, from, offset), offsets.length <= 20 ? 2_000_000 : Infinity)
          .stream;
      },
    });
    expect(result).toMatchObject({ status: "Collected", bytes: big.length });
    expect(readFileSync(join(store.directory, "out", "big")).equals(big)).toBe(true);
    expect(offsets).toHaveLength(21);
    expect(offsets).toEqual(offsets.toSorted((a, b) => a - b));
    expect(offsets.at(-1)).toBeGreaterThan(30_000_000);
  });

  it.each([
    ["grew", (file: string) => writeFileSync(file, Buffer.alloc(9_000_000, 2)), 9_000_000],
    ["shrank", (file: string) => writeFileSync(file, Buffer.alloc(100_000, 3)), 100_000],
    ["went", (file: string) => rmSync(file), 0],
  ])("takes the whole of a file that %s between two runs", async (_, change, bytes) => {
    using store = createTestStore();
    const { workspace, args } = createWorkspace(store);
    const file = join(workspace, "out", "big");
    writeFileSync(file, Buffer.alloc(8_000_000, 1));
    writeFileSync(join(workspace, "out", "small"), "1");
    let runs = 0;
    const result = await store.receive({
      limits: { entries: 10, fileBytes: 1 << 26, totalBytes: 1 << 26, listBytes: 1 << 20 },
      open: async (...place) => {
        runs += 1;
        if (runs === 2) change(file);
        return startSender(startingAt(args, ...place), runs === 1 ? 4_000_000 : Infinity).stream;
      },
    });
    expect(result).toMatchObject({ status: "Collected", bytes: bytes + 1 });
    expect(readdirSync(join(store.directory, "out")).toSorted()).toEqual(
      bytes === 0 ? ["small"] : ["big", "small"],
    );
  });

  it("does not keep a file that was written over between two runs", async () => {
    using store = createTestStore();
    const { workspace, args } = createWorkspace(store);
    const file = join(workspace, "out", "big");
    writeFileSync(file, Buffer.alloc(8_000_000, 1));
    let runs = 0;
    const result = await store.receive({
      limits: { entries: 10, fileBytes: 1 << 26, totalBytes: 1 << 26, listBytes: 1 << 20 },
      open: async (...place) => {
        runs += 1;
        if (runs === 2) writeFileSync(file, Buffer.alloc(8_000_000, 2));
        return startSender(startingAt(args, ...place), runs === 1 ? 4_000_000 : Infinity).stream;
      },
    });
    expect(result).toMatchObject({ status: "Missing", bytes: 0 });
    expect(result.files).toMatchObject([{ path: "out/big", skipped: "changed" }]);
  });

  it("answers nothing where it refuses, and the sender ends with 1", async () => {
    using store = createTestStore();
    const { workspace, args } = createWorkspace(store);
    writeFileSync(join(workspace, "out", "a"), Buffer.alloc(5000));
    const sender = startSender(args);
    const limits = { entries: 10, fileBytes: 4096, totalBytes: 4096, listBytes: 1 << 20 };
    const result = await store.receive({ open: async () => sender.stream, limits });
    expect(result.status).toBe("Failed");
    expect(result.message).toContain('"out/a" is 5000 bytes, over the limit of 4096');
    expect(await sender.ended).toBe(1);
  });
});
