import { execFileSync, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFile, mkdir, mkdtemp, open, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { artifactTrailerName, type ArtifactTrailer } from "@keruta/shared/domain";
import { extract } from "tar-stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { agentArgv } from "../run/agent.fixture.ts";
import { openInside } from "./open-inside.ts";
import { sendFile } from "./send-file.ts";

let directory: string;
let workspace: string;
let artifacts: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "keruta-collect-"));
  workspace = join(directory, "workspace");
  artifacts = join(directory, "artifacts");
  await mkdir(workspace);
  await mkdir(artifacts);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

interface Collected {
  readonly code: number | null;
  readonly stderr: string;
  readonly entries: Map<string, Buffer>;
  readonly trailer: ArtifactTrailer;
}

async function collect(args: readonly string[], answer: string | null = "ok\n"): Promise<Collected> {
  const all = [
    "collect",
    "--workspace",
    workspace,
    "--artifacts-dir",
    artifacts,
    "--run-dir",
    directory,
    ...args,
  ];
  const [program, ...programArgs] = agentArgv(process.execPath);
  const child = spawn(program, [...programArgs, ...all], { stdio: ["pipe", "pipe", "pipe"] });
  const chunks: Buffer[] = [];
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    // The two zero blocks: the whole archive is here, and the sender waits.
    if (answer !== null && chunk.subarray(-1024).every((byte) => byte === 0)) child.stdin.end(answer);
  });
  if (answer === null) child.stdin.end();
  child.stdin.on("error", () => undefined);
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  const entries = await readTar(Buffer.concat(chunks));
  const trailer = JSON.parse(entries.get(artifactTrailerName)?.toString() ?? "null") as ArtifactTrailer;
  expect([...entries.keys()].at(-1)).toBe(artifactTrailerName);
  entries.delete(artifactTrailerName);
  return { code, stderr, entries, trailer };
}

async function readTar(bytes: Buffer): Promise<Map<string, Buffer>> {
  const entries = new Map<string, Buffer>();
  const parser = extract();
  Readable.from([bytes]).pipe(parser);
  for await (const entry of parser) {
    expect(entry.header.type).toBe("file");
    const chunks: Uint8Array[] = [];
    for await (const chunk of entry as AsyncIterable<Uint8Array>) chunks.push(chunk);
    entries.set(entry.header.name, Buffer.concat(chunks));
  }
  return entries;
}

async function write(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

const sha256 = (bytes: string | Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const names = ({ entries }: Collected) => [...entries.keys()];

describe("collecting artifacts", () => {
  test("sends what matches, in order, with a trailer that tells of each", async () => {
    await write(join(workspace, "out/b.txt"), "bb");
    await write(join(workspace, "out/deep/a.txt"), "a");
    await write(join(workspace, "out/empty"), "");
    await write(join(workspace, "src/main.c"), "no");
    await write(join(artifacts, "report 日本.html"), "<p>");
    const run = await collect(["--artifact", "out/**", "--artifact", "**/*.{log,xml}"]);
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(names(run)).toEqual(["out/b.txt", "out/deep/a.txt", "out/empty", "report 日本.html"]);
    expect(run.trailer).toMatchObject({ version: 1, count: 4, bytes: 6, unmatched: ["**/*.{log,xml}"] });
    expect(run.trailer.files[0]).toMatchObject({
      path: "out/b.txt",
      bytes: 2,
      sha256: sha256("bb"),
      skipped: null,
    });
  });

  test.each([
    ["*.txt", ["top.txt"]],
    ["**/*.txt", ["a/[x].txt", "a/b/in.txt", "top.txt"]],
    ["a/b", ["a/b/in.txt"]],
    ["a/?/in.txt", ["a/b/in.txt"]],
    ["{top,a/b/in}.txt", ["a/b/in.txt", "top.txt"]],
    ["./a/[!b]*.txt", ["a/[x].txt"]],
    ["../outside*", []],
    ["/etc/hostname", []],
  ])("understands the pattern %s", async (pattern, expected) => {
    await write(join(workspace, "top.txt"), "1");
    await write(join(workspace, "a/b/in.txt"), "2");
    await write(join(workspace, "a/[x].txt"), "3");
    await write(join(directory, "outside.txt"), "4");
    expect(names(await collect(["--artifact", pattern]))).toEqual(expected);
  });

  test("takes what the command named, relative or absolute, and says what is not there", async () => {
    const volume = join(directory, "cache");
    await write(join(workspace, "named.txt"), "1");
    await write(join(volume, "x/from-volume.txt"), "2");
    const listed = ["named.txt", join(volume, "x"), "missing.txt", "/etc/passwd", "named.txt"];
    await write(
      join(directory, "artifacts.list"),
      listed.map((path) => `${JSON.stringify(path)}\n`).join(""),
    );
    const run = await collect(["--volume", volume]);
    expect(names(run)).toEqual(["cache/x/from-volume.txt", "named.txt"]);
    expect(run.trailer.unmatched).toEqual(["missing.txt", "/etc/passwd"]);
  });

  describe("of a volume that lies elsewhere here than for the command", () => {
    let elsewhere: string;
    let options: readonly string[];
    beforeEach(async () => {
      elsewhere = join(directory, "elsewhere");
      options = ["--volume-at", `${elsewhere}=${join(workspace, "a/out")}`];
      await write(join(elsewhere, "deep/x.log"), "x");
      await write(join(elsewhere, "y.txt"), "y");
      await write(join(workspace, "a/w.log"), "w");
      // The command does not see it: the volume is mounted over it.
      await write(join(workspace, "a/out/hidden.log"), "hidden");
    });

    test.each([
      ["a/out/**", ["out/deep/x.log", "out/y.txt"]],
      ["a/out", ["out/deep/x.log", "out/y.txt"]],
      ["a", ["a/w.log", "out/deep/x.log", "out/y.txt"]],
      ["**/*.log", ["a/w.log", "out/deep/x.log"]],
      ["a/*/deep/x.log", ["out/deep/x.log"]],
      ["a/out/y.txt", ["out/y.txt"]],
      ["b/**", []],
    ])(
      "the pattern %s finds what the command sees there, relative and absolute",
      async (pattern, expected) => {
        for (const prefix of ["", `${workspace}/`]) {
          const run = await collect([...options, "--artifact", `${prefix}${pattern}`]);
          expect([prefix, names(run)]).toEqual([prefix, expected]);
          expect(run.trailer.unmatched).toHaveLength(expected.length === 0 ? 1 : 0);
        }
      },
    );

    test.each([
      ["a/out/y.txt", ["out/y.txt"]],
      ["a/out", ["out/deep/x.log", "out/y.txt"]],
      [".", ["a/w.log", "out/deep/x.log", "out/y.txt"]],
    ])("what the command names as %s is found, relative and absolute", async (named, expected) => {
      for (const path of [named, join(workspace, named)]) {
        await write(join(directory, "artifacts.list"), `${JSON.stringify(path)}\n`);
        const run = await collect(options);
        expect([path, names(run), run.trailer.unmatched]).toEqual([path, expected, []]);
      }
    });

    test("one below another is seen as it is mounted", async () => {
      const below = join(directory, "below");
      await write(join(below, "z.log"), "z");
      await write(join(elsewhere, "deep/in/covered.log"), "covered");
      const inner = ["--volume-at", `${below}=${join(workspace, "a/out/deep/in")}`];
      const run = await collect([...options, ...inner, "--artifact", "**/*.log"]);
      expect(names(run)).toEqual(["a/w.log", "in/z.log", "out/deep/x.log"]);
    });

    test("is told by two absolute paths", async () => {
      for (const value of ["/a", "=/a", "a=/b", "/a=b"]) {
        const [program, ...programArgs] = agentArgv(process.execPath);
        const args = [...programArgs, "collect", "--workspace", workspace, "--volume-at", value];
        const { status, stderr } = spawnSync(program, args);
        expect([value, status, stderr.toString()]).toEqual([
          value,
          2,
          expect.stringContaining("--volume-at cannot be"),
        ]);
      }
    });
  });

  test("never leaves its directories by links, and takes no special files", async () => {
    await write(join(directory, "secret"), "secret");
    await write(join(workspace, "out/real.txt"), "real");
    await symlink(join(directory, "secret"), join(workspace, "out/evil"));
    await symlink("../../secret", join(workspace, "out/evil-too"));
    await symlink("/", join(workspace, "out/root"));
    await symlink("real.txt", join(workspace, "out/same.txt"));
    await symlink("nowhere", join(workspace, "out/broken"));
    execFileSync("mkfifo", [join(workspace, "out/fifo")]);
    const run = await collect(["--artifact", "out/**"]);
    expect(names(run)).toEqual(["out/real.txt", "out/same.txt"]);
    const refused = run.trailer.files.filter(({ skipped }) => skipped === "unsafe").map(({ path }) => path);
    expect(refused).toEqual(["out/broken", "out/evil", "out/evil-too", "out/fifo", "out/root"]);
  });

  test("lists what is over a limit with its size, and sends the rest", async () => {
    await write(join(workspace, "a"), Buffer.alloc(60));
    await write(join(workspace, "b"), Buffer.alloc(101));
    await write(join(workspace, "c"), Buffer.alloc(60));
    await write(join(workspace, "d"), Buffer.alloc(40));
    const run = await collect(["--artifact", "*", "--max-bytes", "100", "--max-total-bytes", "100"]);
    expect(names(run)).toEqual(["a", "d"]);
    expect(run.trailer.files.map(({ path, bytes, skipped }) => [path, bytes, skipped])).toEqual([
      ["a", 60, null],
      ["b", 101, "too-large"],
      ["c", 60, "total-too-large"],
      ["d", 40, null],
    ]);
  });

  test("goes on after the files that the receiver has, with the digests of all", async () => {
    for (const name of ["a", "b", "c"]) await write(join(workspace, name), name);
    const run = await collect(["--artifact", "*", "--from", "2"]);
    expect(names(run)).toEqual(["c"]);
    expect(run.trailer).toMatchObject({ count: 3, bytes: 3 });
    expect(run.trailer.files.map((file) => file.sha256)).toEqual(["a", "b", "c"].map(sha256));
  });

  test("sends one of two files with one name, the artifacts directory's, and lists the other", async () => {
    await write(join(workspace, "r.txt"), "workspace");
    await write(join(artifacts, "r.txt"), "artifacts");
    await write(join(workspace, ".keruta/trailer.json"), "forged");
    const run = await collect(["--artifact", "r.txt", "--artifact", ".keruta"]);
    expect(run.entries).toEqual(new Map([["r.txt", Buffer.from("artifacts")]]));
    expect(run.trailer.files.filter(({ skipped }) => skipped === "unsafe")).toHaveLength(2);
  });

  test("ends with 1 where nobody acknowledges, and where the answer is another", async () => {
    expect((await collect([], null)).code).toBe(1);
    expect((await collect([], "no\n")).code).toBe(1);
  });
});

describe("a file", () => {
  test("that shrinks or grows while it is read is sent in its announced size, and said to be changed", async () => {
    const path = join(workspace, "file");
    for (const change of [() => truncate(path, 10), () => appendFile(path, "more")]) {
      await writeFile(path, Buffer.alloc(600_000, "x"));
      await using handle = await open(path);
      let sent = 0;
      const hash = createHash("sha256");
      const result = await sendFile(handle, 600_000, async (chunk) => {
        if (sent === 0) await change();
        hash.update(chunk);
        sent += chunk.length;
      });
      expect([sent, result.changed, result.sha256]).toEqual([600_000, true, hash.digest("hex")]);
    }
  });

  test("is refused where its directory became a link that leads outside", async () => {
    await write(join(directory, "outside/file"), "secret");
    await write(join(workspace, "dir/file"), "mine");
    const path = join(workspace, "dir/file");
    const fine = await openInside(path, workspace);
    expect(fine).toMatchObject({ size: 4 });
    if ("handle" in fine) await fine.handle.close();
    await rename(join(workspace, "dir"), join(workspace, "old"));
    await symlink(join(directory, "outside"), join(workspace, "dir"));
    expect(await openInside(path, workspace)).toEqual({ refused: "a link that leads outside" });
  });

  test.runIf(process.platform === "linux")(
    "ends an earlier one of the same run directory, and no other",
    async () => {
      await write(join(workspace, "big"), Buffer.alloc(4_000_000));
      const [program, ...programArgs] = agentArgv(process.execPath);
      const start = (runDirectory: string) => {
        const args = ["collect", "--workspace", workspace, "--artifact", "big", "--run-dir", runDirectory];
        const child = spawn(program, [...programArgs, ...args], { stdio: ["pipe", "pipe", "ignore"] });
        const ended = new Promise<unknown>((resolve) =>
          child.once("exit", (code, signal) => resolve(signal ?? code)),
        );
        // It has begun, and waits for a reader.
        return { child, ended, begun: new Promise((resolve) => child.stdout.once("readable", resolve)) };
      };
      const [stuck, other] = [start(directory), start(artifacts)];
      await Promise.all([stuck.begun, other.begun]);
      expect(names(await collect(["--artifact", "big"]))).toEqual(["big"]);
      expect(await stuck.ended).toBe("SIGKILL");
      expect(other.child.exitCode).toBeNull();
      other.child.kill("SIGKILL");
      await other.ended;
    },
  );
});
