import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { newTask, terms } from "../../packages/shared/src/queue/queue.harness.ts";
import { openSqliteHarness } from "../../packages/shared/src/queue/sqlite/sqlite.harness.ts";
import { openApiHarness, type ApiHarness } from "./api.harness.ts";

interface Operation {
  readonly method: string;
  readonly path: string;
}

let api: ApiHarness;
beforeEach(async () => {
  api = await openApiHarness(await openSqliteHarness());
});
afterEach(() => api.dispose());

/** Every operation of the document that the server publishes, with something in the place of parameters. */
async function operations(): Promise<readonly Operation[]> {
  const answer = await api.request("/api/openapi.json");
  const { paths } = (await answer.json()) as { paths: Record<string, Record<string, unknown>> };
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => ({
      method: method.toUpperCase(),
      path: path.replaceAll("{id}", "abcdefghij-1").replaceAll(/\{\w+\}/g, "1"),
    })),
  );
}

const statusOf = async ({ method, path }: Operation, token?: string) => {
  const body = method === "GET" ? {} : { body: "{}", headers: { "content-type": "application/json" } };
  const answer = await api.request(path, { method, ...body, ...(token !== undefined && { token }) });
  await answer.body?.cancel();
  return answer.status;
};

/** The login, and whether there is anybody yet who could log in. */
const open = ["POST /api/sessions", "GET /api/setup"];
const isOpen = ({ method, path }: Operation) => open.includes(`${method} ${path}`);

describe("without a token", () => {
  test("every operation but the login and the question for a first person answers 401, and a wrong token is no better", async () => {
    const all = (await operations()).filter((operation) => !isOpen(operation));
    expect(all.length).toBeGreaterThan(30);
    for (const operation of all) {
      expect([operation, await statusOf(operation)]).toEqual([operation, 401]);
      expect([operation, await statusOf(operation, "krt_wrong")]).toEqual([operation, 401]);
    }
    expect(await statusOf({ method: "GET", path: "/metrics" })).toBe(401);
  });

  test("the process tells whether it lives and is ready", async () => {
    expect(await statusOf({ method: "GET", path: "/healthz" })).toBe(200);
    expect(await statusOf({ method: "GET", path: "/readyz" })).toBe(200);
  });
});

describe("a role", () => {
  test("viewer changes nothing", async () => {
    const token = await api.token("viewer", { name: "viewer" });
    // One's own session and password are nobody else's.
    const own = (path: string) => path.startsWith("/api/sessions") || path === "/api/users/me/password";
    for (const operation of await operations()) {
      if (operation.method === "GET" || own(operation.path)) continue;
      expect([operation, await statusOf(operation, token)]).toEqual([operation, 403]);
    }
    expect(await statusOf({ method: "GET", path: "/metrics" }, token)).toBe(200);
  });

  test("operator administers nothing, driver adds nothing", async () => {
    const operator = await api.token("operator", { name: "operator" });
    const driver = await api.token("driver", { name: "driver" });
    for (const path of ["/api/tokens", "/api/users", "/api/audit"]) {
      expect(await statusOf({ method: "GET", path }, operator)).toBe(403);
      expect(await statusOf({ method: "GET", path }, driver)).toBe(403);
    }
    expect(await statusOf({ method: "PATCH", path: "/api/settings" }, operator)).toBe(403);
    expect(await statusOf({ method: "POST", path: "/api/tasks" }, driver)).toBe(403);
  });

  test("ends with its token", async () => {
    const answer = await api.request("/api/tokens", {
      method: "POST",
      token: await api.token("admin"),
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "short", role: "viewer" }),
    });
    const { id, token } = (await answer.json()) as { id: string; token: string };
    expect(await statusOf({ method: "GET", path: "/api/tasks" }, token)).toBe(200);
    expect(await statusOf({ method: "DELETE", path: `/api/tokens/${id}` }, await api.token("admin"))).toBe(
      204,
    );
    expect(await statusOf({ method: "GET", path: "/api/tasks" }, token)).toBe(401);
    const [last] = await api.store.accounts.listAudit({ limit: 1 });
    expect(last).toMatchObject({ who: "token:me", action: "token.revoke", target: id });
  });
});

test("the policy holds for whoever adds or changes a task, and for drivers that add", async () => {
  await api.queue.writeSettings({ "keruta.policy.images": "good/*" }, "");
  const refused = { code: "KRT_POLICY_REFUSED" };
  const bad = newTask({ spec: { image: "bad/x" } });
  await expect(api.queue.addTask(bad)).rejects.toMatchObject(refused);
  const claim = terms(api.world.holder(1));
  await expect(api.queue.addTask({ ...bad, claim })).rejects.toMatchObject(refused);
  const { task } = await api.queue.addTask(newTask({ spec: { image: "good/x" } }));
  await expect(api.queue.updateTask(task.id, { spec: bad.spec })).rejects.toMatchObject(refused);
});

test("a runner that the policy does not allow is forced on no task, new or queued, by whoever claims", async () => {
  await api.queue.writeSettings({ "keruta.policy.runners": "kubernetes" }, "");
  const { task } = await api.queue.addTask(newTask());
  const driver = await api.open(await api.token("driver", { name: "driver" }));
  const forced = (forceRunner: "local" | "kubernetes") => terms(api.world.holder(1), { forceRunner });
  const refused = { code: "KRT_POLICY_REFUSED" };
  await expect(driver.claim(forced("local"))).rejects.toMatchObject(refused);
  await expect(driver.claim({ ...forced("local"), taskId: task.id })).rejects.toMatchObject(refused);
  await expect(api.queue.addTask({ ...newTask(), claim: forced("local") })).rejects.toMatchObject(refused);
  expect((await driver.claim(forced("kubernetes")))?.attempt.runner).toBe("kubernetes");
});

test("a task that uses what is keruta's own is refused, whatever the policy allows and whoever adds it", async () => {
  await api.queue.writeSettings({ "keruta.policy.service-accounts": "keruta" }, "");
  const refused = { code: "KRT_POLICY_REFUSED", message: expect.stringContaining("keruta's own") as string };
  const claim = terms(api.world.holder(1));
  for (const spec of [
    { serviceAccount: "keruta" },
    { secretEnv: { TOKEN: { secret: "keruta-admin-token", key: "token" } } },
  ]) {
    const bad = newTask({ spec });
    await expect(api.queue.addTask(bad)).rejects.toMatchObject(refused);
    await expect(api.queue.addTask({ ...bad, claim })).rejects.toMatchObject(refused);
    const { task } = await api.queue.addTask(newTask());
    await expect(api.queue.updateTask(task.id, { spec })).rejects.toMatchObject(refused);
  }
});

describe("a token that is bound to a namespace", () => {
  test("sees and touches nothing of others", async () => {
    const { queue } = api.store;
    const inNamespace = async (namespace: string) =>
      (await queue.addTask(newTask({ title: namespace, labels: { of: namespace }, spec: { namespace } })))
        .task.id;
    const [mine, other] = [await inNamespace("a"), await inNamespace("b")];
    const token = await api.token("operator", { name: "bound", namespaces: ["a"] });
    const bound = await api.open(token);
    expect((await bound.listTasks({})).items.map(({ id }) => id)).toEqual([mine]);
    expect(await bound.listLabels()).toEqual([{ key: "of", value: "a" }]);
    expect((await bound.queueStatus()).counts.PENDING).toBe(1);
    expect((await bound.readEvents({ after: 0 })).map(({ taskId }) => taskId)).toEqual([mine]);
    expect(await bound.getTask(other)).toBeUndefined();
    expect(await bound.getTask(mine)).toMatchObject({ title: "a" });
    const notFound = { code: "KRT_TASK_NOT_FOUND" };
    await expect(bound.cancelTask(other, "")).rejects.toMatchObject(notFound);
    await expect(bound.deleteTask(other)).rejects.toMatchObject(notFound);
    await expect(bound.updateTask(other, { priority: 9 })).rejects.toMatchObject(notFound);
    await expect(bound.resolveTaskId(other)).rejects.toMatchObject(notFound);
    await expect(bound.listArtifacts(other, 1)).rejects.toMatchObject(notFound);
    const forbidden = { code: "KRT_SERVER_FORBIDDEN" };
    await expect(bound.addTask(newTask({ spec: { namespace: "b" } }))).rejects.toMatchObject(forbidden);
    await expect(bound.updateTask(mine, { spec: { namespace: "b" } })).rejects.toMatchObject(forbidden);
    const { task } = await bound.addTask(newTask());
    expect(task.spec.namespace).toBe("a");
    expect(await statusOf({ method: "GET", path: "/metrics" }, token)).toBe(403);
    for (const path of [`/api/tasks/${other}/log`, `/api/tasks/${other}/artifacts/file?path=x`]) {
      expect(await statusOf({ method: "GET", path }, token)).toBe(404);
    }
  });

  test("neither cancels nor learns of a task of others by its concurrency key", async () => {
    const keyed = (namespace: string, onConflict: "refuse" | "replace" | "wait") =>
      newTask({ spec: { namespace, concurrency: { key: "k", limit: 1, onConflict } } });
    const theirs = (await api.queue.addTask(keyed("b", "wait"))).task.id;
    const bound = await api.open(await api.token("operator", { name: "bound", namespaces: ["a"] }));
    for (const onConflict of ["refuse", "replace"] as const)
      await expect(bound.addTask(keyed("a", onConflict))).rejects.toMatchObject({
        code: "KRT_CONCURRENCY_REFUSED",
        details: { heldBy: [] },
      });
    expect((await api.queue.getTask(theirs))?.status).toBe("PENDING");
    const ours = (await bound.addTask(keyed("a", "wait"))).task.id;
    await api.queue.cancelTask(theirs, "b");
    await bound.addTask(keyed("a", "replace"));
    expect((await api.queue.getTask(ours))?.status).toBe("CANCELLED");
  });

  test("does not learn of a task of others by its request id", async () => {
    const named = (title: string, namespace: string) =>
      ({ ...newTask({ title, spec: { namespace } }), requestId: "r" }) as const;
    const { id } = (await api.queue.addTask(named("theirs", "b"))).task;
    const bound = await api.open(await api.token("operator", { name: "bound", namespaces: ["a"] }));
    const error: unknown = await bound.addTask(named("mine", "a")).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "KRT_REQUEST_ID_CONFLICT" });
    expect(JSON.stringify(error) + String(error)).not.toContain(id);
    await expect(api.queue.addTask(named("other", "a"))).rejects.toMatchObject({ details: { taskId: id } });
  });

  test("pops the next task of its own, with whatever narrower wish, and takes over none of others", async () => {
    const { queue } = api.store;
    const inNamespace = async (namespace: string | undefined, priority: number) => {
      const spec = { command: ["x"], ...(namespace !== undefined && { namespace }) };
      return (await queue.addTask(newTask({ priority, spec }))).task.id;
    };
    await inNamespace("b", 9);
    const [a1, a2, none] = [
      await inNamespace("a", 1),
      await inNamespace("a", 5),
      await inNamespace(undefined, 3),
    ];
    await queue.writeSettings({ "keruta.kubernetes.default-namespace": "d" }, "test");
    const token = await api.token("driver", { name: "bound", namespaces: ["a", "d"] });
    const bound = await api.open(token);
    const pop = async (namespace?: string, namespaces?: string[]) => {
      const own = terms(api.world.holder(1), namespace === undefined ? {} : { namespace });
      return (await bound.claim({ ...own, ...(namespaces && { namespaces }) }))?.task.id;
    };
    expect(await pop("a", ["b"])).toBeUndefined();
    expect(await pop("a", ["a"])).toBe(a2);
    // It would run in the driver's own namespace, and counts as of the queue's.
    expect(await pop("a")).toBe(a1);
    expect(await pop("a")).toBeUndefined();
    expect(await pop("d")).toBe(none);
    expect(await pop("d")).toBeUndefined();

    const byName = await inNamespace(undefined, 3);
    const named = (namespace: string) => ({ ...terms(api.world.holder(1), { namespace }), taskId: byName });
    expect(await bound.claim(named("a"))).toBeUndefined();
    expect((await bound.claim(named("d")))?.task.id).toBe(byName);

    const others = await queue.claim(terms(api.world.holder(2)));
    expect(others?.task.spec.namespace).toBe("b");
    api.world.now += 60_000;
    const again = [await pop("d"), await pop("d"), await pop("d"), await pop("d"), await pop("d")];
    expect([again.at(-1), new Set(again.slice(0, 4))]).toEqual([undefined, new Set([a1, a2, none, byName])]);
  });
});
