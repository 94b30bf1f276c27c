import { expect, test } from "vitest";
import type { RunnerName } from "@keruta/shared/domain";
import { testContext } from "../../compose/context.fake.ts";
import { fakeObjects } from "../../driving/api-server.fake.ts";
import { createReach } from "./reach.ts";

async function runnersWith(setting: Readonly<Record<string, string>>, forced?: RunnerName) {
  const env: Record<string, string> = { ...setting };
  await using surroundings = await testContext(env);
  const { context, directory } = surroundings;
  await using cluster = await fakeObjects(directory, "builds");
  env["KUBECONFIG"] = cluster.kubeconfig;
  const reach = createReach({ context, queue: await context.openQueue(), forced });
  try {
    return (await reach.terms()).runners;
  } finally {
    await reach.close();
  }
}

test.each<[Record<string, string>, RunnerName | undefined, readonly RunnerName[]]>([
  [{}, undefined, ["local", "kubernetes"]],
  [{ KERUTA_WORKER_RUNNERS: "kubernetes" }, undefined, ["kubernetes"]],
  [{ KERUTA_WORKER_RUNNERS: "local" }, undefined, ["local"]],
  [{ KERUTA_WORKER_RUNNERS: "kubernetes" }, "local", ["local"]],
])("with %j and --runner %s it takes tasks of %j", async (setting, forced, runners) => {
  expect(await runnersWith(setting, forced)).toEqual(runners);
});

test("a worker for the cluster alone does not go on without one", async () => {
  await using surroundings = await testContext({ KERUTA_WORKER_RUNNERS: "kubernetes" });
  const { context } = surroundings;
  const reach = createReach({ context, queue: await context.openQueue(), forced: undefined });
  await expect(reach.terms()).rejects.toMatchObject({ code: "KRT_CLUSTER_NOT_FOUND" });
});
