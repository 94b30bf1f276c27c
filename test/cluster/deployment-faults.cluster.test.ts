import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createHttp, type Http } from "../../packages/shared/src/api/index.ts";
import type { Event, Task, TaskListJson } from "../../packages/shared/src/domain/index.ts";
import { checkPostgres } from "../../packages/shared/src/queue/postgres/index.ts";
import { createDeployment, type Deployment } from "./deployment.ts";
import { busybox, eventually } from "./submitted.ts";

const tools = process.env["KERUTA_TEST_CLUSTER"] ?? "";
const execute = promisify(execFile);
const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
const workers = 3;

let deployment: Deployment;
let http: Http;
beforeAll(async () => {
  deployment = await createDeployment({ workers, concurrency: 10 });
  const { url, token } = deployment;
  http = createHttp({ url, token, language: "en", userAgent: "test", fetch });
}, 240_000);
afterAll(() => deployment[Symbol.asyncDispose]());

/** SIGKILL to the programs of this deployment's Pods, as this machine, their node, sees them. */
async function killProgram(name: string, howMany: number): Promise<void> {
  const query = [
    "get",
    "pod",
    "-l",
    `app.kubernetes.io/name=${name}`,
    "-o",
    "jsonpath={.items[*].metadata.uid}",
  ];
  const uids = await deployment.cluster.kubectl(...query);
  for (const uid of uids.split(" ").slice(0, howMany)) {
    const cgroup = uid.replaceAll("-", "[-_]");
    const find = `grep -lsE 'pod${cgroup}' /proc/[0-9]*/cgroup | cut -d/ -f3`;
    const { stdout } = await execute("sh", ["-c", find]);
    for (const pid of stdout.trim().split("\n")) {
      const { stdout: line } = await execute("sh", ["-c", `tr '\\0' ' ' < /proc/${pid}/cmdline || true`]);
      if (line.includes("keruta.cjs")) process.kill(Number(pid), "SIGKILL");
    }
  }
}

async function addTasks(count: number): Promise<ReadonlyMap<string, number>> {
  const numbers = Array.from({ length: count }, (_, n) => n);
  const added = numbers.map(async (n) => {
    const task = await http.json<Task>({
      method: "POST",
      path: "/tasks",
      json: {
        apiVersion: "keruta/v1",
        kind: "Task",
        title: `task ${String(n)}`,
        priority: n % 3,
        spec: {
          image: busybox,
          command: ["sh", "-c", `echo number ${String(n)}; sleep 1; exit ${String(n % 2)}`],
        },
      },
    });
    return [task.id, n] as const;
  });
  return new Map(await Promise.all(added));
}

async function allTasks(): Promise<readonly Task[]> {
  const tasks: Task[] = [];
  for (let cursor: string | undefined; ;) {
    const page = await http.json<TaskListJson>({ path: "/tasks", query: { limit: 1000, cursor } });
    tasks.push(...page.items);
    if (page.nextCursor === null) return tasks;
    cursor = page.nextCursor;
  }
}

async function allEvents(): Promise<readonly Event[]> {
  const events: Event[] = [];
  for (let after = 0; ;) {
    const page = await http.json<{ items: readonly Event[] }>({ path: "/events", query: { after } });
    if (page.items.length === 0) return events;
    events.push(...page.items);
    after = page.items.at(-1)?.seq ?? after;
  }
}

test(
  "300 tasks through deaths of workers, server, PostgreSQL and the API server",
  { timeout: 1_200_000 },
  async () => {
    const { keruta, postgres } = deployment;
    expect((await keruta(["queue", "pause"])).code).toBe(0);
    const numbers = await addTasks(300);
    expect((await keruta(["queue", "resume"])).code).toBe(0);

    await pause(20);
    await killProgram("keruta-worker", 1);
    await pause(10);
    await killProgram("keruta-api", 1);
    await pause(10);
    await postgres.stop("immediate");
    await pause(5);
    await postgres.start();
    await pause(10);
    await killProgram("keruta-worker", workers);
    await pause(15);
    await execute(join(tools, "crash"), ["kube-apiserver"]);
    await pause(60);
    await execute(join(tools, "up")).catch(() => execute(join(tools, "up")));

    const ended = await eventually(async () => {
      const tasks = await allTasks().catch(() => []);
      const isOver = tasks.length === 300 && tasks.every(({ attempt }) => attempt?.finishedAt !== null);
      return isOver && tasks.every(({ status }) => status !== "IN_PROGRESS" && status !== "PENDING")
        ? tasks
        : undefined;
    }, 900_000);

    for (const { id, attempts, status } of ended) {
      const number = numbers.get(id) ?? -1;
      const expected = number % 2 === 0 ? "COMPLETED" : "FAILED";
      expect([id, number, status]).toEqual([id, number, expected]);
      // Nothing that happened here ends a Pod, so nothing may run twice.
      expect(attempts.map(({ exitCode, log }) => [exitCode, log?.complete])).toEqual([[number % 2, true]]);
      const chunks = http.chunks({ path: `/tasks/${id}/log`, headers: { accept: "text/plain" } });
      const log = Buffer.concat(await Array.fromAsync(chunks)).toString();
      expect([id, log]).toEqual([id, `number ${String(number)}\n`]);
    }

    const started = (await allEvents()).filter(({ type }) => type === "AttemptStarted");
    expect(new Set(started.map(({ taskId }) => taskId)).size).toBe(started.length);
    const priorities = started.map(({ taskId }) => (numbers.get(taskId) ?? 0) % 3);
    // Claims of several workers at one moment are committed in any order.
    for (const [at, priority] of priorities.entries()) {
      const before = priorities.slice(0, Math.max(0, at - workers));
      expect(priority).toBeLessThanOrEqual(Math.min(2, ...before));
    }
    expect(await checkPostgres({ url: postgres.url })).toEqual([]);
  },
);
