import { expect, test } from "vitest";
import { testContext } from "../../compose/context.fake.ts";
import { runProgram } from "../../program/program.ts";

interface Container {
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly envFrom?: unknown;
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec?: {
    readonly template?: { readonly spec: { readonly containers: readonly Container[] } };
  };
}

async function printed(flags: readonly string[], settings: Readonly<Record<string, string>> = {}) {
  await using surroundings = await testContext(settings);
  const { context, io } = surroundings;
  const line = ["install", "--server", "--dry-run", "-o", "json", ...flags];
  expect(await runProgram(context, line)).toBe(0);
  const { items } = JSON.parse(io.stdout.text()) as { readonly items: readonly Manifest[] };
  const containers = items
    .filter(({ kind }) => kind === "Deployment")
    .map(({ metadata, spec }) => [metadata.name, spec?.template?.spec.containers[0]] as const);
  return { containers, stderr: io.stderr.text() };
}

async function deployments(...flags: readonly string[]) {
  const { containers } = await printed(["--database-secret", "keruta-db", ...flags]);
  return containers.map(([name, container]) => [name, container?.envFrom]);
}

/** What every container of server and workers has of these variables. */
async function variables(
  flags: readonly string[],
  settings: Readonly<Record<string, string>>,
  ...names: readonly string[]
) {
  const { containers } = await printed(flags, settings);
  return containers.map(([, container]) =>
    names.map((wanted) => container?.env.find(({ name }) => name === wanted)?.value),
  );
}

test("the server alone gets the secrets of notifications, where a Secret is named", async () => {
  const envFrom = [{ prefix: "KERUTA_NOTIFY_", secretRef: { name: "keruta-notify" } }];
  expect(await deployments("--notify-secret", "keruta-notify")).toEqual([
    ["keruta-api", envFrom],
    ["keruta-worker", undefined],
  ]);
  expect(await deployments()).toEqual([
    ["keruta-api", undefined],
    ["keruta-worker", undefined],
  ]);
});

test("secrets of the archive and of notifications may be named together", async () => {
  const archive = { secretRef: { name: "archive" } };
  const notify = { prefix: "KERUTA_NOTIFY_", secretRef: { name: "notify" } };
  expect(await deployments("--archive-secret", "archive", "--notify-secret", "notify")).toEqual([
    ["keruta-api", [archive, notify]],
    ["keruta-worker", [archive]],
  ]);
});

test.each([[[]], [["--database-secret", "keruta-db"]]])(
  "with %j whoever works takes no task of the local runner, and a new queue refuses those",
  async (flags) => {
    const runners = await variables(flags, {}, "KERUTA_WORKER_RUNNERS", "KERUTA_POLICY_RUNNERS");
    expect(runners).toEqual(runners.map(() => ["kubernetes", "kubernetes"]));
    expect(runners.length).toBeGreaterThan(0);
  },
);

test("server and workers know the namespace of tasks, and the admin's token goes to their own", async () => {
  const elsewhere = { KERUTA_KUBERNETES_PROCESSOR_NAMESPACE: "keruta" };
  const name = "KERUTA_KUBERNETES_DEFAULT_NAMESPACE";
  expect(await variables(["-n", "builds"], elsewhere, name)).toEqual([["builds"]]);
  expect(await variables(["-n", "builds"], {}, name)).toEqual([["builds"]]);
  const { containers } = await printed(["-n", "builds"], elsewhere);
  expect(containers[0]?.[1]?.args).toEqual(
    expect.arrayContaining(["--admin-token-secret", "keruta/keruta-admin-token"]),
  );
});

test("the agent's image is the flag's, else the setting's, else each version's own", async () => {
  const database = ["--database-secret", "keruta-db"];
  const setting = { KERUTA_AGENT_IMAGE: "r.example/agent:1" };
  const image = async (flags: readonly string[], settings = {}) =>
    await variables([...database, ...flags], settings, "KERUTA_AGENT_IMAGE");
  expect(await image([])).toEqual([[undefined], [undefined]]);
  expect(await image([], setting)).toEqual([["r.example/agent:1"], ["r.example/agent:1"]]);
  expect(await image(["--agent-image", "x"], setting)).toEqual([["x"], ["x"]]);
});

test("a Secret that tasks can use is told of, unless its name or its namespace keeps it from them", async () => {
  const flags = ["-n", "builds", "--database-secret", "db", "--archive-secret", "keruta-s3"];
  const { stderr } = await printed(flags);
  expect(stderr).toMatch(/tasks in builds can use the Secret db: name it keruta-/);
  expect(stderr).not.toContain("keruta-s3");
  expect((await printed(flags, { KERUTA_KUBERNETES_PROCESSOR_NAMESPACE: "keruta" })).stderr).toBe("");
});
