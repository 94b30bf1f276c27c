import { expect, test } from "vitest";
import { lastWords } from "../driving/last-words.ts";
import { testContext } from "../compose/context.fake.ts";
import { endFacts } from "./end-facts.ts";
import { addTask, endTask, startTask } from "./queued.fake.ts";
import { whyTask } from "./why.ts";

const times = { commandStartedAt: "2026-03-01T10:00:00.000Z", finishedAt: "2026-03-01T10:00:01.600Z" };

type Ended = Parameters<typeof endFacts>[0];

test.each<[Ended, string, string]>([
  [
    { exitCode: 143, signal: "SIGTERM", ...times },
    "exit code 143, SIGTERM, after 1.6s",
    "終了コード 143、SIGTERM、実行時間 1.6s",
  ],
  [{ exitCode: 7, signal: null, ...times, commandStartedAt: null }, "exit code 7", "終了コード 7"],
  [{ exitCode: null, signal: null, ...times, commandStartedAt: null }, "", ""],
])("%j is told as %j", (attempt, en, ja) => {
  expect(endFacts(attempt)).toEqual({ en, ja });
});

test("the last words and the answer to why tell the same facts", async () => {
  await using surroundings = await testContext();
  const queue = await surroundings.queue();
  const claim = await startTask(queue, (await addTask(queue)).id);
  const task = await endTask(queue, claim, { exitCode: 143, signal: "SIGTERM", reason: "TimedOut" });
  const shown = { ...task, attempt: task.attempt && { ...task.attempt, ...times } };
  expect(lastWords(shown).ja).toContain("TimedOut (終了コード 143、SIGTERM、実行時間 1.6s)。");
  expect(lastWords(shown).en).toContain("TimedOut (exit code 143, SIGTERM, after 1.6s).");
  expect(whyTask(shown).what.ja).toContain("（試行 1: TimedOut、終了コード 143、SIGTERM、実行時間 1.6s）");
  expect(whyTask(shown).what.en).toContain("(Attempt 1: TimedOut, exit code 143, SIGTERM, after 1.6s.)");
});
