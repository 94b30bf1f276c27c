import { expect, test } from "vitest";
import type { Task } from "@keruta/shared/domain";
import { testContext } from "../../compose/context.fake.ts";
import { trialOutcome } from "./trial-outcome.ts";

/** The trial as the queue has it after a command of this exit code, or one that never started. */
async function trial(exitCode: number | null): Promise<Task> {
  await using surroundings = await testContext();
  const queue = await surroundings.queue();
  const holder = { host: "x", user: "x", pid: 1, bootId: "", pidNamespace: "", startTime: "" };
  const claim = { holder, runners: ["local"], defaultRunner: "local" } as const;
  const fields = { title: "t", description: "", priority: 0, labels: {}, spec: {}, createdBy: "me", claim };
  const { claim: claimed } = await queue.addTask(fields);
  if (!claimed) throw new Error("nothing was claimed");
  const reason = exitCode === 0 ? "Completed" : exitCode === null ? "ImagePullFailed" : "Error";
  await queue.settle(
    claimed.lease,
    {
      finishedAt: "2026-03-01T10:00:00.000Z",
      exitCode,
      signal: null,
      reason,
      category: exitCode === null ? "infrastructure" : "command",
      retryable: false,
      message: "",
      peakMemoryBytes: null,
      log: { bytes: 0, sha256: "", complete: true },
      artifacts: null,
    },
    null,
  );
  const task = await queue.getTask(claimed.task.id);
  if (!task) throw new Error("the task is gone");
  return task;
}

test.each([
  ["a Pod that did all is well", 0, "keruta.example", ["run ok", "dns:pod ok"]],
  ["no name is told where there was none to resolve", 0, null, ["run ok"]],
  ["a name that does not resolve is not the Pod's fault", 3, "keruta.example", ["run ok", "dns:pod failed"]],
  ["any other end is the Pod's", 1, "keruta.example", ["run failed"]],
  ["so it is without a name", 3, null, ["run failed"]],
  ["a Pod that never ran says nothing of names", null, "keruta.example", ["run failed"]],
])("%s", async (_, exitCode, hostName, told) => {
  const checks = trialOutcome(await trial(exitCode), hostName);
  expect(checks.map(({ name, status }) => `${name} ${status}`)).toEqual(told);
  const withRemedy = checks.filter(({ remedy }) => remedy?.en.includes("keruta logs "));
  expect(withRemedy).toEqual(checks.filter(({ status }) => status === "failed"));
});
