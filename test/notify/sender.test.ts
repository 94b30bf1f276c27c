import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import type { NotifyEvent } from "../../packages/shared/src/domain/index.ts";
import type { Queue } from "../../packages/shared/src/queue/index.ts";
import { line } from "../../packages/shared/src/queue/queue.harness.ts";
import { textOfMail } from "./read-mail.ts";
import { receiveHooks } from "./receive-hooks.ts";
import { receiveMail } from "./receive-mail.ts";
import { openSenderHarness } from "./sender.harness.ts";

interface Body {
  readonly id: string;
  readonly items: readonly NotifyEvent[];
  readonly heldBack: number;
}

const errors = (count: number, from = 1) =>
  Array.from({ length: count }, (_, n) =>
    line(from + n, `ERROR: no ${String(from + n)}`, { level: "ERROR", stream: "stderr" }),
  );
const mailTo = (port: number, change: Readonly<Record<string, string>> = {}) => ({
  "keruta.notify.email.host": "127.0.0.1",
  "keruta.notify.email.port": String(port),
  "keruta.notify.email.security": "none",
  "keruta.notify.email.to": "ops@example.com",
  ...change,
});
const hookTo = (url: string, change: Readonly<Record<string, string>> = {}) => ({
  settings: { "keruta.notify.webhook.url": url, ...change },
  webhookSecret: "a secret of the receiver's",
});
const bodyOf = ({ body }: { readonly body: string }) => JSON.parse(body) as Body;

test("10,000 errors of a task that fails are one email, sent at once, with counts and the first lines", async () => {
  await using mails = await receiveMail();
  await using harness = await openSenderHarness({ settings: mailTo(mails.port) });
  await harness.start();
  const id = await harness.run("文書のビルド", errors(10_000), "Error");
  const [mail] = await mails.received(1);
  expect(await harness.settled()).toMatchObject([{ channel: "email", state: "sent", tries: 1 }]);
  expect(mails.mails).toHaveLength(1);
  const shown = textOfMail(mail?.raw ?? "");
  expect(shown).toContain("10,000 errors");
  expect(shown).toContain("ERROR: no 5\n");
  expect(shown).not.toContain("ERROR: no 6");
  expect(shown).toContain(`keruta logs ${id}`);
});

test("a log is told of after its window, what came within it together, and what comes later again", async () => {
  await using hooks = await receiveHooks();
  await using harness = await openSenderHarness(hookTo(hooks.url, { "keruta.notify.group-window": "1s" }));
  await harness.start();
  const { queue } = harness.store;
  const lease = await harness.begin("t");
  await queue.appendLog(lease, errors(3));
  await queue.appendLog(lease, errors(2, 4));
  const [first] = await hooks.received(1);
  await queue.appendLog(lease, errors(1, 6));
  const [, second] = await hooks.received(2);
  const told = [first, second].map((hook) => hook && bodyOf(hook).items[0]?.data);
  expect(told).toMatchObject([
    { errors: 5, records: [{ sequence: 1 }, {}, {}, {}, { sequence: 5 }] },
    { errors: 1, records: [{ sequence: 6 }] },
  ]);
});

test("a webhook is signed, has the same id each time, and waits as long as it is told to", async () => {
  await using hooks = await receiveHooks((before) =>
    before === 0 ? { status: 429, headers: { "retry-after": "4" } } : { status: 200 },
  );
  await using harness = await openSenderHarness(hookTo(hooks.url));
  await harness.start();
  await harness.run("t", [], "Error");
  const begun = performance.now();
  await hooks.received(2);
  // The usual delay after one try is at most 5 s; what was asked for is the least.
  expect(performance.now() - begun).toBeGreaterThan(3000);
  const ids = hooks.hooks.map(({ headers }) => headers["webhook-id"]);
  expect(new Set(ids).size).toBe(1);
  for (const { headers, body } of hooks.hooks) {
    const signed = `${String(headers["webhook-id"])}.${String(headers["webhook-timestamp"])}.${body}`;
    const digest = createHmac("sha256", "a secret of the receiver's").update(signed).digest("base64");
    expect(headers["webhook-signature"]).toBe(`v1,${digest}`);
    expect(bodyOf({ body })).toMatchObject({
      apiVersion: "keruta/v1",
      kind: "EventList",
      id: ids[0],
      tasks: [{ title: "t", status: "FAILED" }],
      items: [{ kind: "Event", type: "TaskFinished", attempt: 1, data: { status: "FAILED", exitCode: 7 } }],
    });
  }
  const [{ items } = { items: [] }] = hooks.hooks.map(bodyOf);
  const [event] = items;
  const events = await harness.store.queue.readEvents({ after: (event?.seq ?? 0) - 1 });
  expect(events[0]).toMatchObject({ type: "TaskFinished", seq: event?.seq });
});

test("a mail server that is away for a while gets everything when it is back", async () => {
  const gone = await receiveMail();
  const { port } = gone;
  await gone[Symbol.asyncDispose]();
  await using harness = await openSenderHarness({
    settings: mailTo(port, { "keruta.notify.rate-limit": "2" }),
  });
  await harness.start();
  for (const title of ["a", "b", "c", "d"]) await harness.run(title, [], "Error");
  for await (const _ of harness.store.queue.changes(new AbortController().signal)) {
    const waiting = await harness.store.notify.listDeliveries({ limit: 10, state: "waiting" });
    // The first one is tried for all of them.
    if (waiting.length === 4 && waiting[3]?.detail !== null) break;
  }
  await using back = await receiveMail({ port });
  const mails = await back.received(2);
  const deliveries = await harness.settled();
  expect(mails.map(({ raw }) => /^Subject: (.*)/m.exec(raw)?.[1])).toEqual([
    expect.stringContaining(": a"),
    expect.stringContaining("3 messages in one"),
  ]);
  expect(deliveries.map(({ state }) => state).toSorted()).toEqual([
    "digested",
    "digested",
    "digested",
    "sent",
    "sent",
  ]);
});

test("what is refused for good is kept as failed, said in the log, and keeps nothing else waiting", async () => {
  await using hooks = await receiveHooks((before) => ({
    status: before === 0 ? 410 : 200,
    text: "no_service",
  }));
  await using harness = await openSenderHarness({
    settings: {},
    slackUrl: `${hooks.url}/services/T/B/secret`,
  });
  await harness.start();
  await harness.run("<!channel> a", [], "Error");
  await hooks.received(1);
  await harness.run("b", [], "Error");
  await hooks.received(2);
  const deliveries = await harness.settled();
  expect(deliveries.map(({ state, detail }) => [state, detail?.en])).toEqual([
    ["sent", "HTTP 200: no_service"],
    ["failed", "HTTP 410: no_service"],
  ]);
  expect(harness.words).toContain("error a notification was not sent");
  expect(hooks.hooks[0]?.body).toContain("&lt;!channel&gt; a");
  expect(JSON.stringify(deliveries)).not.toContain("services/T/B");
});

test("what a server that died had sent and not marked is sent again under the same id", async () => {
  await using hooks = await receiveHooks();
  const first = await openSenderHarness(hookTo(hooks.url));
  const { notify } = first.store;
  // It dies between the answer and the mark: the mark is never written.
  const dying = { ...notify, recordOutcome: () => new Promise<boolean>(() => undefined) };
  await first.start({ store: dying });
  await first.run("t", [], "Error");
  await hooks.received(1);
  await using second = await openSenderHarness({
    ...hookTo(hooks.url),
    directory: first.directory,
    ahead: 91_000,
  });
  await second.start();
  await hooks.received(2);
  expect(await second.settled()).toMatchObject([{ state: "sent", tries: 2 }]);
  const [one, other] = hooks.hooks;
  expect([other?.headers["webhook-id"], other?.body]).toEqual([one?.headers["webhook-id"], one?.body]);
});

test("of two servers one sends each message, and what is too much comes as a digest, all of it", async () => {
  await using hooks = await receiveHooks();
  const options = hookTo(hooks.url, { "keruta.notify.rate-limit": "3" });
  await using one = await openSenderHarness(options);
  await using other = await openSenderHarness({ ...options, directory: one.directory });
  const ids = new Set<string>();
  for (let n = 0; n < 12; n += 1) {
    if (n === 0) await one.store.notify.setWatch({ log: null, failed: true, deadline: false });
    ids.add(await one.run(`t${String(n)}`, [], "Error"));
  }
  await Promise.all([one.start(), other.start()]);
  const deliveries = await one.settled();
  const bodies = hooks.hooks.map(bodyOf);
  expect(new Set(bodies.map(({ id }) => id)).size).toBe(bodies.length);
  expect(bodies.length).toBeLessThanOrEqual(3);
  const told = bodies.flatMap(({ items }) => items.map(({ taskId }) => taskId));
  expect(told.toSorted()).toEqual([...ids].toSorted());
  expect(deliveries.filter(({ state }) => state === "digested")).toHaveLength(
    bodies.find(({ heldBack }) => heldBack > 0)?.heldBack ?? 0,
  );
});

test("a missed deadline is told of though nothing else happens", async () => {
  await using hooks = await receiveHooks();
  await using harness = await openSenderHarness(hookTo(hooks.url));
  await harness.start();
  const deadline = new Date(Date.now() + 300).toISOString();
  const task = { title: "t", description: "", priority: 0, labels: {}, spec: { deadline }, createdBy: "me" };
  await harness.store.queue.addTask(task);
  const [hook] = await hooks.received(1);
  expect(hook && bodyOf(hook).items).toMatchObject([
    { type: "DeadlineMissed", attempt: null, data: { deadline } },
  ]);
});

test("what cannot be read of one log, or sent of one message, keeps nobody from hearing of the rest", async () => {
  await using hooks = await receiveHooks();
  await using harness = await openSenderHarness(hookTo(hooks.url, { "keruta.notify.give-up-after": "1s" }));
  const { queue, notify } = harness.store;
  const unreadable: Queue = {
    ...queue,
    getTask: async (id) => {
      const task = await queue.getTask(id);
      if (task?.title === "gone wrong") throw new Error("no such row");
      return task;
    },
    readLog: () => {
      throw new Error("a stored log block cannot be read");
    },
  };
  let isBroken = true;
  await notify.setWatch({ log: "ERROR", failed: true, deadline: true });
  await harness.run("gone wrong", [], "Error");
  await harness.run("unsaid", [], "Error");
  await harness.run("told", errors(2), "Error");
  await harness.start({
    queue: unreadable,
    send: async (delivery, ...rest) => {
      if (isBroken) {
        isBroken = false;
        throw new Error("no words for it");
      }
      return await harness.send(delivery, ...rest);
    },
  });
  const [hook] = await hooks.received(1);
  expect(hook && bodyOf(hook).items).toMatchObject([
    { type: "TaskFinished" },
    { data: { errors: 2, records: [] } },
  ]);
  const [failed] = await notify.listDeliveries({ limit: 1, state: "failed" });
  expect(failed?.detail?.en).toBe("given up: keruta failed: Error: no words for it");
  expect(harness.words).toContain("error a task was not told of");
  expect(harness.words).toContain("warn a log that is told of cannot be read");
});

test("a stop cuts what is being sent, and leaves it to be sent", async () => {
  await using harness = await openSenderHarness(hookTo("http://127.0.0.1:1/"));
  const begun = Promise.withResolvers<undefined>();
  const sender = await harness.start({
    send: async (_, __, signal) => {
      begun.resolve(undefined);
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      const detail = { en: "cut", ja: "中断" };
      return { kind: "later", detail, retryAfter: null, recipients: null };
    },
  });
  await harness.run("t", [], "Error");
  await begun.promise;
  await sender.stop(20);
  const deliveries = await harness.store.notify.listDeliveries({ limit: 9 });
  expect(deliveries).toMatchObject([{ state: "waiting", tries: 1, detail: { en: "cut" } }]);
});
