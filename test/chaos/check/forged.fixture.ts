import type { Attempt, Event, EventType, Task } from "../../../packages/shared/src/domain/index.ts";
import type { TaskPlan } from "../plan/task-plan.ts";
import { filesOf } from "../plan/task-file.ts";
import type { Fault, History, Run, SeenAttempt, SeenTask } from "./history.ts";
import type { LogFacts } from "./read-log.ts";

/** A history in which every promise is kept: of a Job whose driver dies and is replaced, and which then ends with 7. */
const start = Date.parse("2026-01-01T00:00:00.000Z");
export const at = (seconds: number): number => start + seconds * 1000;
const iso = (seconds: number) => new Date(at(seconds)).toISOString();

export const plan: TaskPlan = {
  key: "chaos-1-1",
  flavour: "code",
  runner: "kubernetes",
  steps: [{ kind: "lines", stream: "stdout", from: 1, count: 3, width: 20 }],
  end: { kind: "exit", codes: [7] },
  restarts: 0,
  artifacts: [{ path: "out/one.txt", lines: 2 }],
  artifactsRequired: false,
  hostileFiles: false,
  attempts: 3,
  retryOn: ["infrastructure"],
  priority: 0,
  concurrencyKey: null,
  via: "submit",
  afterDeath: "again",
};
const id = "aaaaaaaaaa";
const [file] = filesOf(plan);
if (!file) throw new Error("the plan has a file");
export const planned = file;

export const log: LogFacts = {
  mismatch: null,
  bytes: 90,
  sha256: "digest",
  reached: { stdout: 90, stderr: 0 },
  expected: { stdout: 90, stderr: 0 },
  stdout: { bytes: 90, sha256: "stdout" },
  gaps: [],
  holes: 0,
  started: 1,
  tail: [],
};

export const attempt: Attempt = {
  number: 1,
  runner: "kubernetes",
  driver: "root@host:20",
  leaseExpiresAt: null,
  cluster: null,
  context: null,
  namespace: null,
  jobName: null,
  podName: null,
  node: null,
  imageId: null,
  phase: "Done",
  startedAt: iso(1),
  commandStartedAt: iso(3),
  finishedAt: iso(40),
  exitCode: 7,
  signal: null,
  reason: "Error",
  category: "command",
  retryable: false,
  message: "",
  peakMemoryBytes: null,
  log: { bytes: 90, sha256: "digest", complete: true },
  artifacts: { status: "Collected", files: 1, bytes: planned.bytes, message: "" },
};

export const seenAttempt: SeenAttempt = {
  attempt,
  first: attempt,
  log,
  listed: [{ ...planned, skipped: null }],
  files: [{ ...planned, kind: "file" }],
};

let seq = 0;
export const event = (
  seconds: number,
  type: EventType,
  data: Event["data"] = {},
  number: number | null = 1,
): Event => ({
  apiVersion: "keruta/v1",
  kind: "Event",
  type,
  time: iso(seconds),
  taskId: id,
  attempt: number,
  seq: (seq += 1),
  data,
});

export const task: Task = {
  title: plan.key,
  description: "",
  priority: 0,
  labels: {},
  spec: {},
  id,
  status: "FAILED",
  createdAt: iso(0),
  updatedAt: iso(40),
  createdBy: "test",
  requestId: plan.key,
  cancelRequestedAt: null,
  progress: { percent: null, message: "" },
  pending: null,
  attempt,
  attempts: [attempt],
};

export const run: Run = {
  role: "submit",
  pid: 30,
  from: at(12),
  to: at(41),
  code: 7,
  signal: null,
  key: plan.key,
  crashPoint: null,
  lastWords: "",
  printed: { bytes: 90, sha256: "stdout" },
};

export const events: readonly Event[] = [
  event(0, "TaskAdded", {}, null),
  event(1, "AttemptStarted", { driver: "root@host:10" }),
  event(12, "AttemptTakenOver", { driver: "root@host:20" }),
  event(40, "AttemptFinished"),
  event(40, "TaskFinished"),
];

export const seen: SeenTask = {
  plan,
  acceptedAs: id,
  found: [task],
  events,
  attempts: [seenAttempt],
  starts: [{ key: plan.key, attempt: 1, name: "one", at: at(3) }],
  runs: [{ ...run, pid: 10, from: at(0), to: at(10), code: null, signal: "SIGKILL", printed: null }, run],
  cancelledAt: null,
};

export const killed: Fault = { kind: "kill-submit", at: at(10), until: at(10), what: "", pid: 10 };

export const kept: History = { tasks: [seen], faults: [killed], runs: [], left: [], leaks: [], glimpses: [] };

/** The same history, but for something of its one task. */
export const withTask = (change: Partial<SeenTask>, rest: Partial<History> = {}): History => ({
  ...kept,
  ...rest,
  tasks: [{ ...seen, ...change }],
});

export const withAttempt = (change: Partial<SeenAttempt>, rest: Partial<History> = {}): History =>
  withTask({ attempts: [{ ...seenAttempt, ...change }] }, rest);

/** Its result is another, and so is what was first seen of it. */
export const withResult = (
  change: Partial<Attempt>,
  rest: Partial<History> = {},
  other: Partial<SeenAttempt> = {},
): History => {
  const changed = { ...attempt, ...change };
  return withAttempt({ attempt: changed, first: changed, ...other }, rest);
};

/** A fault that hit the attempt itself. */
export const hit = (kind: Fault["kind"]): Partial<History> => ({
  faults: [killed, { kind, at: at(20), until: at(20), what: "", attempt: { taskId: id, number: 1 } }],
});
