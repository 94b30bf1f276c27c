import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defaultLevelWords, type Text } from "@keruta/shared/domain";
import type { Claim, ClaimTerms, Holder, Queue } from "@keruta/shared/queue";
import { openSqliteQueue } from "@keruta/shared/queue/sqlite";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { LocalRunnerDeps } from "./deps.ts";
import { driveLocally } from "./drive.ts";

const self: Holder = { host: "h", user: "u", pid: 1, bootId: "", pidNamespace: "", startTime: "s" };
const terms: ClaimTerms = { holder: self, runners: ["local"], defaultRunner: "local" };

let scratch: string;
let queue: Queue;
let told: string[];
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), "keruta-drive-"));
  told = [];
  queue = await openSqliteQueue({
    path: join(scratch, "keruta.db"),
    processes: { self, startTimeOf: () => "s" },
    clock: () => 0,
    random: randomBytes,
  });
});
afterEach(async () => {
  await queue.close();
  await rm(scratch, { recursive: true });
});

/** An attempt whose driver told that it runs in `directory`, and let it go. */
async function takenOver(directoryOf: (taskId: string) => string): Promise<Claim> {
  const spec = { command: ["true"] };
  const { task } = await queue.addTask({
    title: "",
    description: "",
    priority: 0,
    labels: {},
    spec,
    createdBy: "",
  });
  const before = await queue.claim(terms);
  if (!before) throw new Error("nothing to claim");
  await queue.recordAttempt(before.lease, { local: { directory: directoryOf(task.id) } });
  await queue.releaseLease(before.lease);
  const claim = await queue.claim(terms);
  if (!claim) throw new Error("nothing to take over");
  return claim;
}

function depsOf(): LocalRunnerDeps {
  const at = (name: string) => join(scratch, name);
  return {
    queue,
    settings: {
      retryAttempts: 1,
      retryBackoff: 1000,
      retryOn: [],
      stopGrace: 0,
      levelWords: defaultLevelWords,
      dropDebug: false,
    },
    observer: {
      notice: ({ en }: Text) => void told.push(en),
      entries: () => Promise.resolve(),
      phase: () => undefined,
    },
    processes: { self, startTimeOf: () => undefined },
    timers: { after: () => () => undefined, every: () => () => undefined },
    clock: () => 0,
    cancel: new AbortController().signal,
    crashPoint: () => undefined,
    signalGroup: (pid: number) => {
      throw new Error(`signalled ${String(pid)}`);
    },
    paths: { runs: at("runs"), claims: at("claims"), artifacts: at("artifacts") },
  } as unknown as LocalRunnerDeps;
}

const lostDriver = { kind: "settled", task: { attempt: { reason: "DriverLost" } } };

test("what an attempt left is removed where this machine would have run it", async () => {
  const claim = await takenOver((id) => join(scratch, "runs", `${id}-1`));
  const own = join(scratch, "runs", `${claim.task.id}-1`);
  await mkdir(join(own, "agent"), { recursive: true });
  expect(await driveLocally(depsOf(), claim)).toMatchObject(lostDriver);
  expect(await readdir(join(scratch, "runs"))).toEqual([]);
});

test("a directory that another driver named is neither read nor removed, nor are its processes ended", async () => {
  const elsewhere = join(scratch, "home");
  const files = { "command.json": '{"pid":1,"startTime":"s"}', "result.json": "{}" };
  await mkdir(join(elsewhere, "agent"), { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(elsewhere, "agent", name), text);
  for (const directory of [elsewhere, join(scratch, "runs", "..", "home"), join(scratch, "runs")]) {
    const claim = await takenOver(() => directory);
    expect(await driveLocally(depsOf(), claim)).toMatchObject(lostDriver);
    expect(told).toContainEqual(expect.stringContaining(directory));
  }
  for (const [name, text] of Object.entries(files)) {
    expect(await readFile(join(elsewhere, "agent", name), "utf8")).toBe(text);
  }
  expect(await readdir(join(elsewhere, "agent"))).toHaveLength(2);
});
