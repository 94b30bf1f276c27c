import { describe, expect, test } from "vitest";
import { check } from "./check.ts";
import {
  at,
  attempt,
  event,
  events,
  hit,
  kept,
  killed,
  log,
  plan,
  planned,
  run,
  seen,
  seenAttempt,
  task,
  withAttempt,
  withResult,
  withTask,
} from "./forged.fixture.ts";
import type { Fault, History } from "./history.ts";

const promisesBroken = (history: History) => [...new Set(check(history).map(({ promise }) => promise))];
const gap = { reason: "agent-killed", stdoutBytes: 30, stderrBytes: 0 } as const;
const withGap = { ...log, bytes: 60, gaps: [gap], stdout: { bytes: 60, sha256: "less" } };
const incomplete = { bytes: 60, sha256: "digest", complete: false };
const lost = { reason: "PodLost", category: "infrastructure", retryable: true, exitCode: null } as const;
const cut = { ...withGap, gaps: [], reached: { stdout: 60, stderr: 0 } };

const cutOff: Fault = { kind: "cut-cluster", at: at(20), until: at(22), what: "" };

const locked = "keruta: The queue was locked by another process for longer than keruta waits. (KRT_DB_BUSY)";

describe("a history that keeps every promise", () => {
  const histories: Readonly<Record<string, History>> = {
    "a driver dies and is replaced": kept,
    "an agent is killed, and the log says what is lost": withResult(
      { exitCode: 137, log: incomplete },
      hit("kill-pod-agent"),
      { log: withGap },
    ),
    "a cancel takes the Pod away while connections are cut, and the log says what is lost": {
      ...kept,
      faults: [killed, cutOff],
      tasks: withResult(
        { reason: "Cancelled", category: "user", exitCode: null, log: incomplete },
        {},
        { log: withGap },
      ).tasks.map((one) => ({
        ...one,
        cancelledAt: at(19),
        found: [{ ...task, status: "CANCELLED" }],
        runs: [],
      })),
    },
    "the disk is full, and the log says what is lost": withResult(
      { log: incomplete },
      {
        faults: [killed, { kind: "fill-disk", at: at(20), until: at(25), what: "" }],
      },
      { log: { ...withGap, gaps: [{ ...gap, reason: "disk-full" }] } },
    ),
    "a Pod is deleted, and the only attempt is over": {
      ...kept,
      ...hit("delete-pod"),
      tasks: withResult({ ...lost, log: incomplete }, {}, { log: withGap, listed: [], files: [] }).tasks.map(
        (one) => ({
          ...one,
          plan: { ...plan, attempts: 1 },
          runs: [],
        }),
      ),
    },
    "a process that could not go on says so while its store is away": withTask(
      { runs: [{ ...run, code: 125, lastWords: "keruta: the database is away" }] },
      { faults: [killed, { kind: "kill-postgres", at: at(30), until: at(45), what: "" }] },
    ),
    "a process that could not go on says so while another that stands still holds the lock": withTask(
      { runs: [{ ...run, code: 125, lastWords: locked }] },
      { faults: [killed, { kind: "stop-past-lease", at: at(1), until: at(75), what: "", pid: 99 }] },
    ),
    "nobody could take over while the store was away": withTask(
      {
        events: [
          ...events.slice(0, 2),
          event(120, "AttemptTakenOver", { driver: "root@host:20" }),
          event(140, "AttemptFinished"),
          event(140, "TaskFinished"),
        ],
      },
      { faults: [killed, { kind: "kill-postgres", at: at(11), until: at(50), what: "" }] },
    ),
  };
  test.each(Object.entries(histories))("%s", (_, history) => {
    expect(check(history)).toEqual([]);
  });
});

describe("a history that breaks a promise", () => {
  const broken: readonly (readonly [promise: number, how: string, history: History])[] = [
    [1, "an accepted task is not there", withTask({ found: [], events: [], attempts: [], runs: [] })],
    [1, "one request makes two tasks", withTask({ found: [task, { ...task, id: "bbbbbbbbbb" }] })],
    [2, "a result changes", withAttempt({ first: { ...attempt, exitCode: 0, reason: "Completed" } })],
    [2, "an attempt finishes twice", withTask({ events: [...events, event(41, "AttemptFinished")] })],
    [2, "a task finishes twice", withTask({ events: [...events, event(41, "TaskFinished")] })],
    [2, "an attempt ends as its command did not", withResult({ exitCode: 1 })],
    [2, "a Pod is lost that nothing hit", withResult(lost)],
    [2, "a Pod is lost where only its driver died", withResult(lost, { faults: [killed] })],
    [
      2,
      "a local driver is lost that nothing killed",
      withTask(
        {
          plan: { ...plan, runner: "local", attempts: 1 },
          runs: [run],
          attempts: [{ ...seenAttempt, attempt: { ...attempt, ...lost, reason: "DriverLost" }, first: null }],
        },
        { faults: [] },
      ),
    ],
    [
      2,
      "what may be tried again is not",
      withResult({ ...lost, log: incomplete }, hit("delete-pod"), { log: withGap }),
    ],
    [
      2,
      "what must not be tried again is",
      withTask({
        attempts: [seenAttempt, { ...seenAttempt, attempt: { ...attempt, number: 2 }, first: null }],
        events: [...events, event(39, "AttemptFinished", {}, 2)],
      }),
    ],
    [
      2,
      "a task is COMPLETED after a failure",
      withTask({ found: [{ ...task, status: "COMPLETED" }], runs: [] }),
    ],
    [
      2,
      "a task is CANCELLED that nobody cancelled",
      withTask({ found: [{ ...task, status: "CANCELLED" }], runs: [] }),
    ],
    [
      3,
      "a command says twice that it was started",
      withTask({ starts: [...seen.starts, { key: plan.key, attempt: 1, name: "two", at: at(20) }] }),
    ],
    [3, "a log has two starts", withAttempt({ log: { ...log, started: 2 } })],
    [4, "submit exits with another code", withTask({ runs: [{ ...run, code: 0 }] })],
    [
      4,
      "submit gives up while nothing is away",
      withTask({ runs: [{ ...run, code: 125, lastWords: "keruta: cannot go on" }] }),
    ],
    [
      4,
      "submit gives up at a lock that nobody holds for long",
      withTask(
        { runs: [{ ...run, code: 125, lastWords: locked }] },
        { faults: [killed, { kind: "pause-driver", at: at(1), until: at(6), what: "", pid: 99 }] },
      ),
    ],
    [
      5,
      "bytes are lost where connections are cut, and nobody has taken the Pod away",
      withResult({ log: incomplete }, { faults: [killed, cutOff] }, { log: withGap }),
    ],
    [5, "a byte is another", withAttempt({ log: { ...log, mismatch: "stdout differs" } })],
    [5, "an entry is missing", withAttempt({ log: { ...log, holes: 1 } })],
    [
      5,
      "the end is missing, and no gap says so",
      withAttempt({ log: { ...log, reached: { stdout: 60, stderr: 0 } } }),
    ],
    [5, "bytes are doubled", withAttempt({ log: { ...log, reached: { stdout: 120, stderr: 0 } } })],
    [5, "a gap that no fault explains", withResult({ log: incomplete }, {}, { log: withGap })],
    [
      5,
      "a gap of another reason than the fault has",
      withResult({ log: incomplete, exitCode: 137 }, hit("kill-pod-agent"), {
        log: { ...withGap, gaps: [{ ...gap, reason: "digest-mismatch" }] },
      }),
    ],
    [
      5,
      "a log with a gap that is called complete",
      withResult({ log: { ...incomplete, complete: true }, exitCode: 137 }, hit("kill-pod-agent"), {
        log: withGap,
      }),
    ],
    [5, "a log without a gap that is not called complete", withResult({ log: { ...incomplete, bytes: 90 } })],
    [5, "a summary of other bytes than are stored", withAttempt({ log: { ...log, sha256: "another" } })],
    [
      5,
      "submit prints something else",
      withTask({ runs: [{ ...run, printed: { bytes: 3, sha256: "else" } }] }),
    ],
    [
      5,
      "the disk is full, and bytes are missing without a word",
      withResult(
        { log: { ...incomplete, complete: true } },
        {
          faults: [killed, { kind: "fill-disk", at: at(20), until: at(25), what: "" }],
        },
        { log: cut },
      ),
    ],
    [6, "a listed file is not there", withAttempt({ files: [] })],
    [6, "a file is there in part", withAttempt({ files: [{ ...planned, kind: "file", sha256: "part" }] })],
    [
      6,
      "a listed file is not what was made",
      withAttempt({ listed: [{ ...planned, sha256: "else", skipped: null }] }),
    ],
    [
      6,
      "a file is there and not listed",
      withAttempt({ files: [...seenAttempt.files, { path: "x", kind: "file", bytes: 0, sha256: "" }] }),
    ],
    [6, "a file was not collected, though nothing hit its Pod", withAttempt({ listed: [], files: [] })],
    [6, "a file could be seen before it was whole", { ...kept, glimpses: ["half"] }],
    [7, "a task never ends", withTask({ found: [{ ...task, status: "IN_PROGRESS" }], runs: [] })],
    [7, "something is left", { ...kept, left: ["Pod x"] }],
    [
      7,
      "two of one key run at once",
      {
        ...kept,
        tasks: ["chaos-1-1", "chaos-1-2"].map((key) => ({
          ...seen,
          plan: { ...plan, key, concurrencyKey: "k", artifacts: [] },
          attempts: [{ ...seenAttempt, listed: [], files: [] }],
        })),
      },
    ],
    [
      8,
      "a dead driver is replaced late",
      withTask({
        events: [
          ...events.slice(0, 2),
          event(105, "AttemptTakenOver", { driver: "root@host:20" }),
          event(120, "AttemptFinished"),
          event(120, "TaskFinished"),
        ],
      }),
    ],
    [
      8,
      "a driver that stands still is replaced late",
      withTask(
        {
          runs: [],
          events: [
            ...events.slice(0, 2),
            event(115, "AttemptTakenOver", { driver: "root@host:20" }),
            event(120, "AttemptFinished"),
            event(120, "TaskFinished"),
          ],
        },
        { faults: [{ kind: "stop-past-lease", at: at(20), until: at(95), what: "", pid: 10 }] },
      ),
    ],
    [9, "a secret shows", { ...kept, leaks: ["log"] }],
    [
      10,
      "what a Pod sent is a link",
      withAttempt({
        files: [...seenAttempt.files, { path: "out/link", kind: "other", bytes: 0, sha256: "" }],
      }),
    ],
  ];
  test.each(broken)("promise %i: %s", (promise, _, history) => {
    expect(promisesBroken(history)).toEqual([promise]);
  });

  test("there is one for each promise", () => {
    expect(new Set(broken.map(([promise]) => promise)).size).toBe(10);
  });
});
