import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPostgres, type PostgresServer } from "../../../../../test/postgres/server.ts";
import { mayRetry } from "../../domain/error.ts";
import { claimed, createWorld, newTask, resultOf } from "../queue.harness.ts";
import { patientQueue } from "../patient.ts";
import { createListener } from "./listener.ts";
import { sessionSettings } from "./session.ts";
import { expectSound, openAt, server, testDatabase } from "./postgres.harness.ts";

const world = createWorld();
const worked = "worked";

/** `worked`, or the error. */
function outcome(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => worked,
    (error: unknown) => error,
  );
}

/** Steps through what a queue tells of changes. */
async function changesOf(changes: AsyncIterable<void>) {
  const iterator = changes[Symbol.asyncIterator]();
  const next = () =>
    Promise.race([iterator.next().then(({ done }) => done !== true), pause(10_000, "nothing")]);
  expect(await next()).toBe(true);
  return { next };
}

describe.skipIf(!server)("connections that break", () => {
  const database = testDatabase();
  const endAll = () =>
    database.run(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'keruta' and datname = current_database()",
    );

  test("fail the calls that used them, with a code that says so, and no later ones", async () => {
    const url = await database.newSchema();
    const queue = await openAt(url, world);
    const { task } = await queue.addTask(newTask());
    let calling = true;
    const failures: unknown[] = [];
    const call = async () => {
      while (calling) {
        const outcomes = [await outcome(queue.addTask(newTask())), await outcome(queue.listTasks({}))];
        failures.push(...outcomes.filter((one) => one !== worked));
      }
    };
    const callers = Array.from({ length: 8 }, call);
    for (let n = 0; n < 10; n += 1) {
      await pause(20);
      await endAll();
    }
    calling = false;
    await Promise.all(callers);
    expect(failures.length).toBeGreaterThan(0);
    for (const failure of failures) {
      expect(failure).toMatchObject({
        code: "KRT_DB_UNREACHABLE",
        message: expect.stringMatching(
          /^The connection to postgres:\/\/postgres@localhost:\d+\/t_\w+ was lost/,
        ),
        hint: { en: expect.any(String), ja: expect.any(String) },
      });
      expect(mayRetry(failure)).toBe(true);
      expect(JSON.stringify(failure)).not.toContain(new URL(url).password);
    }
    // Idle ones that are cut off now are not seen by who calls next.
    await endAll();
    expect(await queue.getTask(task.id)).toMatchObject({ status: "PENDING" });
    const added = (await queue.readEvents({ after: 0 })).filter(({ type }) => type === "TaskAdded");
    expect((await queue.queueStatus()).counts.PENDING).toBe(Math.min(added.length, 1000));
    await queue.close();
    await expectSound(url);
  });

  test("that give no answer are given up, and so is a server that stands still", async () => {
    const queue = await openAt(await database.newSchema(), world, { answerMilliseconds: 500 });
    const pids = await database.run(
      "select pid from pg_stat_activity where application_name = 'keruta' and datname = current_database()",
    );
    const signal = (name: "SIGSTOP" | "SIGCONT") => {
      for (const { pid } of pids) process.kill(Number(pid), name);
    };
    signal("SIGSTOP");
    try {
      expect(await outcome(queue.addTask(newTask()))).toMatchObject({
        code: "KRT_DB_UNREACHABLE",
        details: { cause: "NO_ANSWER", transient: true, stored: "nothing" },
      });
    } finally {
      signal("SIGCONT");
    }
    expect((await queue.queueStatus()).counts.PENDING).toBe(0);
    await queue.close();
  });

  test("have the settings that the queue relies on, whatever the database has", async () => {
    const client = new pg.Client({
      connectionString: database.url(),
      options: "-csynchronous_commit=off -cstandard_conforming_strings=off",
    });
    await client.connect();
    await client.query(sessionSettings('odd "name"'));
    const { rows } = await client.query(
      "select current_setting('synchronous_commit') as commit, current_setting('search_path') as path, '\\'::text as one",
    );
    expect(rows).toEqual([{ commit: "on", path: '"odd ""name"""', one: "\\" }]);
    await client.end();
  });

  test("are listened on again, and whoever waits for changes looks again", async () => {
    const url = await database.newSchema();
    const [queue, other] = [await openAt(url, world), await openAt(url, world)];
    const stop = new AbortController();
    const changes = await changesOf(queue.changes(stop.signal));
    expect(await changes.next()).toBe(true);
    await endAll();
    expect(await changes.next()).toBe(true);
    await other.addTask(newTask());
    expect(await changes.next()).toBe(true);
    stop.abort();
    while ((await changes.next()) !== false);
    await queue.close();
    await other.close();
  });

  test("a queue that is closed ends its watchers and its connections", async () => {
    const queue = await openAt(await database.newSchema(), world);
    const changes = await changesOf(queue.changes(new AbortController().signal));
    await queue.close();
    while ((await changes.next()) !== false);
    await expect(queue.listTasks({})).rejects.toThrow(/after calling end/);
  });

  test("where notifications do not come, changes are looked for every second", async () => {
    let touches = 0;
    const deaf = () => {
      const client = new pg.Client(database.url());
      client.on("notification", () => {});
      return Object.assign(client, { emit: withoutNotifications(client) });
    };
    const listener = createListener({ client: deaf, channel: "keruta_deaf", random: randomBytes });
    listener.subscribe(() => (touches += 1));
    await pause(8000);
    await listener.close();
    // One for the connection, and some after the wait for an echo.
    expect(touches).toBeGreaterThanOrEqual(3);
    expect(touches).toBeLessThanOrEqual(5);
  });
});

function withoutNotifications(client: pg.Client): pg.Client["emit"] {
  const emit = client.emit.bind(client);
  return (event, ...args) => event !== "notification" && emit(event, ...args);
}

describe.skipIf(!server)("a server that goes away", () => {
  let own: PostgresServer | undefined;
  beforeAll(async () => {
    own = await createPostgres();
  }, 60_000);
  afterAll(() => own?.dispose());

  test.each(["fast", "immediate"] as const)(
    "%s, and comes back, is used again",
    { timeout: 60_000 },
    async (how) => {
      if (!own) throw new Error("no server");
      const queue = await openAt(own.url, world);
      const stop = new AbortController();
      const changes = await changesOf(queue.changes(stop.signal));
      expect(await changes.next()).toBe(true);
      const { task } = await queue.addTask(newTask());
      const { lease } = await claimed(queue, world.holder(1));
      const calls = Array.from({ length: 6 }, () => outcome(queue.renewLease(lease)));
      await own.stop(how);
      await Promise.all(calls);
      const refused = await outcome(queue.renewLease(lease));
      expect(refused).toMatchObject({
        code: "KRT_DB_UNREACHABLE",
        details: { transient: true, stored: "nothing" },
      });
      expect(await outcome(openAt(own.url, world))).toMatchObject({ code: "KRT_DB_UNREACHABLE" });
      const patient = patientQueue(queue, { clock: () => performance.now() });
      const waiting = outcome(patient.renewLease(lease));
      await pause(300);
      await own.start();
      expect(await waiting).toBe(worked);
      expect(await queue.settle(lease, resultOf(), null)).toMatchObject({ id: task.id, status: "COMPLETED" });
      while (
        !(await queue.readEvents({ after: 0, taskId: task.id })).some(({ type }) => type === "TaskFinished")
      ) {
        expect(await changes.next()).toBe(true);
      }
      expect(await changes.next()).toBe(true);
      stop.abort();
      await queue.close();
    },
  );
});
