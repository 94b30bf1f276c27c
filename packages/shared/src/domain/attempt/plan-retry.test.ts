import { describe, expect, test } from "vitest";
import { planRetry, type RetryQuestion } from "./plan-retry.ts";

const lost: RetryQuestion = {
  reason: "PodLost",
  category: "infrastructure",
  exitCode: null,
  attemptsMade: 1,
  attempts: 3,
  backoff: 10_000,
  on: ["infrastructure"],
};
const exit42: RetryQuestion = { ...lost, reason: "Error", category: "command", exitCode: 42 };

describe("planRetry", () => {
  test.each<[string, RetryQuestion, number | null]>([
    ["a lost Pod, after the backoff", lost, 10_000],
    ["the backoff doubles", { ...lost, attemptsMade: 2 }, 20_000],
    ["no attempt is left", { ...lost, attemptsMade: 3 }, null],
    ["the backoff has a bound", { ...lost, attemptsMade: 20, attempts: 99 }, 600_000],
    ["exit 42 is not retried by default", exit42, null],
    ["exit 42 by its code", { ...exit42, on: [42] }, 10_000],
    ["exit 42 by its code as text", { ...exit42, on: ["42"] }, 10_000],
    ["exit 42 by its reason", { ...exit42, on: ["Error"] }, 10_000],
    ["exit 42 by its category", { ...exit42, on: ["command"] }, 10_000],
    ["a code that is null matches no number", { ...lost, on: [0] }, null],
    ["success is never retried", { ...exit42, reason: "Completed", exitCode: 0, on: ["command", 0] }, null],
    [
      "a cancelled attempt is never retried",
      { ...lost, reason: "Cancelled", category: "user", on: ["user"] },
      null,
    ],
    ["nothing to retry on", { ...lost, on: [] }, null],
  ])("%s", (_name, question, wait) => {
    expect(planRetry(question)).toBe(wait);
  });
});
