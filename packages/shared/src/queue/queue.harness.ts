import type { AttemptResult } from "../domain/attempt/attempt.ts";
import type { OutputEntry } from "../domain/log/entry.ts";
import type { NewTask } from "../domain/task/task.ts";
import type { LogArchiveStore, OpenArchive } from "./archive.ts";
import type { ChoreLeases } from "./chore-leases.ts";
import type { AccountStore } from "./accounts.ts";
import type { Holder, ProcessTable } from "./holder.ts";
import type { NotifyStore } from "./notify.ts";
import type { ReportStore } from "./reports.ts";
import type { ServerStore } from "./server-store.ts";
import type { RetentionStore } from "./retention.ts";
import type { AddTask, Claim, ClaimTerms, LogQuery, Queue } from "./queue.ts";

/** A queue under test with its surroundings in the test's hand. */
export interface QueueHarness {
  readonly queue: Queue;
  readonly world: World;
  /** Who the store says has acted, where that is not who a call names. */
  readonly author?: string;
  /** What a reader of a log gets is on its way before it asks. */
  readonly readsAhead?: boolean;
  /** Closes it and opens the same store again. */
  reopen(): Promise<Queue>;
  /** Closes everything and removes the store. */
  dispose(): Promise<void>;
}

export interface StoreHarness extends QueueHarness {
  readonly accounts: AccountStore;
  readonly reports: ReportStore;
  readonly retention: RetentionStore;
  readonly notify: NotifyStore;
  readonly logArchive: LogArchiveStore;
  readonly choreLeases: ChoreLeases;
  readonly audited: ServerStore["audited"];
  /** Archived objects by key, and how often each was read from. */
  readonly objects: Map<string, Uint8Array>;
  readonly reads: string[];
}

/** An archive in memory, for `openArchive`. */
export function memoryArchive(): Pick<StoreHarness, "objects" | "reads"> & { openArchive: OpenArchive } {
  const objects = new Map<string, Uint8Array>();
  const reads: string[] = [];
  const read = async (key: string, offset: number, bytes: number) => {
    reads.push(key);
    const object = objects.get(key);
    if (!object || object.length < offset + bytes) throw new Error(`no such bytes: ${key}`);
    return object.subarray(offset, offset + bytes);
  };
  return { objects, reads, openArchive: async () => ({ read }) };
}

export type OpenStoreHarness = () => Promise<StoreHarness>;

export type OpenHarness = () => Promise<QueueHarness>;

/** What a test file gives to suites that start processes. */
export interface RealMachine {
  readonly processes: ProcessTable;
  /** The path of Node. */
  readonly node: string;
}

/** A place for a queue that real processes share, with the machine's own clock. */
export interface RealStore {
  /** What `driver.fixture.ts` is told. */
  readonly url: string;
  open(processes: ProcessTable): Promise<Queue>;
  /** What breaks keruta's rules. */
  check(): Promise<readonly unknown[]>;
  remove(): Promise<void>;
}

export interface World {
  now: number;
  readonly processes: ProcessTable;
  readonly clock: () => number;
  holder(pid: number): Holder;
  kill(holder: Holder): void;
}

const boot = { host: "here", user: "me", bootId: "boot", pidNamespace: "pid:[1]" };

/** Every pid lives until it is killed. */
export function createWorld(): World {
  const dead = new Set<number>();
  const holder = (pid: number): Holder => ({ ...boot, pid, startTime: `s${String(pid)}` });
  const world: World = {
    now: Date.parse("2026-01-01T00:00:00.000Z"),
    clock: () => world.now,
    holder,
    kill: ({ pid }) => dead.add(pid),
    processes: { self: holder(1), startTimeOf: (pid) => (dead.has(pid) ? undefined : `s${String(pid)}`) },
  };
  return world;
}

export function newTask(change: Partial<NewTask> = {}): AddTask {
  const written = { title: "t", description: "", priority: 0, labels: {}, spec: { command: ["true"] } };
  return { ...written, ...change, createdBy: "me" };
}

export function terms(holder: Holder, change: Partial<ClaimTerms> = {}): ClaimTerms {
  return { holder, runners: ["local", "kubernetes"], defaultRunner: "local", ...change };
}

export function resultOf(change: Partial<AttemptResult> = {}): AttemptResult {
  return {
    finishedAt: "2026-01-01T00:00:01.000Z",
    exitCode: 0,
    signal: null,
    reason: "Completed",
    category: "command",
    retryable: false,
    message: "",
    peakMemoryBytes: 4096,
    log: { bytes: 0, sha256: "00", complete: true },
    artifacts: null,
    ...change,
  };
}

export const failure = resultOf({ reason: "Error", exitCode: 7 });
export const lost = resultOf({
  reason: "DriverLost",
  category: "infrastructure",
  retryable: true,
  exitCode: null,
});

export async function claimed(queue: Queue, holder: Holder): Promise<Claim> {
  const claim = await queue.claim(terms(holder));
  if (!claim) throw new Error("nothing to claim");
  return claim;
}

export function line(sequence: number, text: string, change: Partial<OutputEntry> = {}): OutputEntry {
  return {
    kind: "output",
    sequence,
    time: 1_767_225_600_000 + sequence,
    stream: "stdout",
    level: "INFO",
    bytes: new TextEncoder().encode(text),
    newline: true,
    ...change,
  };
}

/** The output's text, `\n` where a line ended. */
export async function textOf(queue: Queue, query: LogQuery): Promise<string> {
  let text = "";
  for await (const entry of queue.readLog(query)) {
    if (entry.kind === "output") text += new TextDecoder().decode(entry.bytes) + (entry.newline ? "\n" : "");
  }
  return text;
}
