import { expect, test } from "vitest";
import { addressNotices, watchOf } from "./match.ts";
import type { DeadlineNotice, FailureNotice, LogNotice } from "./notice.ts";
import { parseNotifyRules } from "./rules.ts";

const time = "2026-01-01T00:00:00.000Z";
const log = (errors: number, warnings: number): LogNotice => ({
  kind: "log",
  attempt: 1,
  errors,
  warnings,
  firstSequence: 1,
  time,
  lastTime: time,
});
const failed = (reason: FailureNotice["reason"]): FailureNotice => ({
  kind: "failed",
  attempt: 1,
  time,
  reason,
  category: "command",
  exitCode: 1,
  message: "",
  eventSeq: 1,
});
const deadline: DeadlineNotice = { kind: "deadline", time, deadline: time, eventSeq: 2 };

function rulesOf(text: string) {
  const parsed = parseNotifyRules(text);
  if (!parsed.valid) throw new Error(parsed.complaint.en);
  return parsed.rules;
}

const told = (rules: string, labels: Record<string, string>, notices: Parameters<typeof addressNotices>[3]) =>
  addressNotices(rulesOf(rules), ["email", "slack"], labels, notices).map(
    ({ channel, level, notices: own }) =>
      `${channel} ${level ?? "-"} ${own.map(({ kind }) => kind).join("+")}`,
  );

test.each([
  [
    "error, failed to all",
    {},
    [log(1, 0), failed("Error")],
    ["email ERROR log+failed", "slack ERROR log+failed"],
  ],
  ["error to email", {}, [log(0, 5)], []],
  ["warn to email", {}, [log(0, 5)], ["email WARN log"]],
  ["error to email; warn of team=docs to email", { team: "docs" }, [log(0, 5)], ["email WARN log"]],
  ["error to email; warn of team=docs to email", { team: "web" }, [log(0, 5)], []],
  ["failed(OOMKilled) to slack", {}, [failed("Error")], []],
  ["failed(OOMKilled) to slack; failed(Error) to slack", {}, [failed("Error")], ["slack - failed"]],
  [
    "deadline of team to email:a@example.com",
    { team: "" },
    [deadline, failed("Error")],
    ["email:a@example.com - deadline"],
  ],
  ["failed to webhook", {}, [failed("Error")], ["webhook - failed"]],
  ["", {}, [failed("Error")], []],
])("%s, of %j", (rules, labels, notices, expected) => {
  expect(told(rules, labels, notices)).toEqual(expected);
});

test.each([
  ["error, failed, deadline to all", ["email"], { log: "ERROR", failed: true, deadline: true }],
  ["error, failed, deadline to all", [], { log: null, failed: false, deadline: false }],
  ["error to email; warn to slack", ["email"], { log: "WARN", failed: false, deadline: false }],
  ["failed(Error) to slack", [], { log: null, failed: true, deadline: false }],
])("%s with %j set up is worth noting", (rules, configured, watch) => {
  expect(watchOf(rulesOf(rules), configured)).toEqual(watch);
});
