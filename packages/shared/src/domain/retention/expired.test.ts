import { expect, test } from "vitest";
import { expiredOf, type EndedTask, type Expired, type Retention } from "./expired.ts";

const usual: Retention = {
  logs: 30_000,
  archivedLogs: 60_000,
  artifacts: 30_000,
  tasks: 100_000,
  isArchiving: false,
};
const archiving = { ...usual, isArchiving: true };
const forever = { ...usual, archivedLogs: 0 };
const held = { isLogHeld: true, isLogArchived: false };
const archived = { isLogHeld: false, isLogArchived: true };
const inPart = { isLogHeld: true, isLogArchived: true };

const nothing = { log: false, artifacts: false, task: false };
const artifacts = { artifacts: true };
const all = { log: true, artifacts: true, task: true };

type Row = [string, Partial<EndedTask>, number, Retention, Partial<Expired>];

test.each<Row>([
  ["nothing before its time", held, 29_999, usual, {}],
  ["log and artifacts by the settings", held, 30_000, usual, { log: true, artifacts: true }],
  ["a log that is to stay longer", { spec: { retention: { logs: "40s" } } }, 30_000, usual, artifacts],
  ["artifacts that are to go sooner", { spec: { retention: { artifacts: "1s" } } }, 1000, usual, artifacts],
  [
    "an empty word is none",
    { spec: { retention: { logs: "" } } },
    30_000,
    usual,
    { log: true, artifacts: true },
  ],
  ["the task at last", held, 100_000, usual, all],
  [
    "a task stays for what it asked to keep",
    { spec: { retention: { logs: "200s" } } },
    100_000,
    usual,
    artifacts,
  ],
  ["a log that is not archived yet stays", held, 30_000, archiving, artifacts],
  ["and its task, however old", held, 1_000_000, archiving, artifacts],
  ["an archived log stays for the archive's time", archived, 59_999, archiving, artifacts],
  ["and goes with it", archived, 60_000, archiving, { log: true, artifacts: true }],
  ["one in both places is whole or gone", inPart, 59_999, usual, artifacts],
  ["also where nothing is archived any more", inPart, 60_000, usual, { log: true, artifacts: true }],
  ["an archive without a time is as old as its task", archived, 99_999, forever, artifacts],
  ["and goes with the task", archived, 100_000, forever, { artifacts: true, task: true }],
  [
    "an archive that is kept for longer keeps the task",
    archived,
    100_000,
    { ...usual, archivedLogs: 200_000 },
    artifacts,
  ],
  ["a task without a log needs no archive", { isLogHeld: false }, 100_000, archiving, all],
])("%s", (_, task, age, retention, expected) => {
  const whole: EndedTask = { spec: {}, endedAt: 1000, ...held, ...task };
  expect(expiredOf(whole, retention, 1000 + age)).toEqual({ ...nothing, ...expected });
});

test("0 keeps for ever", () => {
  const kept = { ...usual, logs: 0, artifacts: 0, tasks: 0 };
  expect(expiredOf({ spec: {}, endedAt: 0, ...held }, kept, Number.MAX_SAFE_INTEGER)).toEqual(nothing);
});
