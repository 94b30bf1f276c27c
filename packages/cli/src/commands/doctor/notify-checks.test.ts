import { expect, test } from "vitest";
import { testContext, type TestContext } from "../../compose/context.fake.ts";
import { runProgram } from "../../program/program.ts";

const withEmail = {
  KERUTA_KUBERNETES_ENABLED: "false",
  KERUTA_NOTIFY_EMAIL_HOST: "smtp.example.com",
  KERUTA_NOTIFY_EMAIL_TO: "ops@example.com",
};

async function checkOf({ context, io }: TestContext) {
  await runProgram(context, ["doctor", "-o", "json"]);
  const { items } = JSON.parse(io.stdout.text()) as { items: readonly { name: string }[] };
  return items.find(({ name }) => name === "notifications");
}

test("nothing is said where nobody is told", async () => {
  await using surroundings = await testContext({ KERUTA_KUBERNETES_ENABLED: "false" });
  expect(await checkOf(surroundings)).toBeUndefined();
});

test("the channels are named where all is well", async () => {
  await using surroundings = await testContext(withEmail);
  expect(await checkOf(surroundings)).toMatchObject({ status: "ok", message: "go to email" });
});

test.each([
  [{ KERUTA_NOTIFY_EMAIL_USER: "keruta" }, "KERUTA_NOTIFY_SMTP_PASSWORD"],
  [{ KERUTA_NOTIFY_WEBHOOK_URL: "https://example.com/" }, "KERUTA_NOTIFY_WEBHOOK_SECRET"],
  [{ KERUTA_NOTIFY_RULES: "failed to slack:team-a" }, "KERUTA_NOTIFY_SLACK_WEBHOOK_URL (slack:team-a)"],
])("what rules need and is not here is a warning: %j", async (env, name) => {
  await using surroundings = await testContext({ ...withEmail, ...env });
  expect(await checkOf(surroundings)).toMatchObject({
    status: "warning",
    message: expect.stringContaining(name),
  });
});

test("what could not be sent within a day is a warning, with the latest reason", async () => {
  await using surroundings = await testContext(withEmail);
  const { queue, notify } = await surroundings.context.openStore();
  const holder = { host: "x", user: "x", pid: 1, bootId: "", pidNamespace: "", startTime: "" };
  await notify.setWatch({ log: null, failed: true, deadline: false });
  const claim = { holder, runners: ["local"], defaultRunner: "local" } as const;
  const fields = { title: "t", description: "", priority: 0, labels: {}, spec: {}, createdBy: "me", claim };
  const { claim: claimed } = await queue.addTask(fields);
  if (!claimed) throw new Error("nothing was claimed");
  await queue.settle(claimed.lease, failure, null);
  const message = { tasks: [], events: [], heldBack: 0, omitted: 0 };
  await notify.takeNotices(claimed.task.id, () => [{ channel: "email", message }]);
  const terms = { rateLimit: 1, rateWindow: 1, leaseMilliseconds: 1 };
  const { delivery } = await notify.claimDelivery("email", terms);
  if (!delivery) throw new Error("nothing to send");
  const detail = { en: "550 no such user", ja: "550" };
  await notify.recordOutcome(delivery, { state: "failed", detail });
  await queue.close();
  expect(await checkOf(surroundings)).toMatchObject({
    status: "warning",
    message: "1 messages of the last day could not be sent, the latest to email: 550 no such user",
    remedy: expect.stringContaining("keruta notify list --state failed"),
  });
});

const failure = {
  finishedAt: "2026-03-01T10:00:00.000Z",
  exitCode: 1,
  signal: null,
  reason: "Error",
  category: "command",
  retryable: false,
  message: "",
  peakMemoryBytes: null,
  log: { bytes: 0, sha256: "", complete: true },
  artifacts: null,
} as const;
