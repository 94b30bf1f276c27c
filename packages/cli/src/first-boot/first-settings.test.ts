import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testContext } from "../compose/context.fake.ts";
import { tellStored } from "../commands/serve/tell-stored.ts";

const env = {
  KERUTA_KUBERNETES_DEFAULT_NAMESPACE: "builds",
  KERUTA_POLICY_RUNNERS: "kubernetes",
  KERUTA_AGENT_API_URL: "http://x",
};

test("a new queue of a server begins with the environment's policy and namespace, over those of a file", async () => {
  await using surroundings = await testContext(env);
  const { context, directory } = surroundings;
  context.trustsDirectory = true;
  const lines = ["keruta.kubernetes.default-namespace=other", "keruta.policy.images=a"];
  await writeFile(join(directory, "application.properties"), lines.join("\n"));
  const stored = await (await context.openQueue()).readSettings();
  expect(Object.fromEntries(stored.map(({ key, value }) => [key, value]))).toEqual({
    "keruta.kubernetes.default-namespace": "builds",
    "keruta.policy.images": "a",
    "keruta.policy.runners": "kubernetes",
  });
});

test("another command's environment is its own", async () => {
  await using surroundings = await testContext(env);
  expect(await (await surroundings.context.openQueue()).readSettings()).toEqual([]);
});

test("a wrong one is told by its variable, and nothing is made", async () => {
  await using surroundings = await testContext({ KERUTA_POLICY_RUNNERS: "docker" });
  const { context } = surroundings;
  context.trustsDirectory = true;
  await expect(context.openQueue()).rejects.toThrow(/KERUTA_POLICY_RUNNERS/);
});

test("a server says where its environment differs from what a queue has, and where it does not nothing", async () => {
  await using surroundings = await testContext(env);
  const { context, io } = surroundings;
  const queue = await context.openQueue();
  await queue.writeSettings({ "keruta.policy.runners": "kubernetes" }, "me");
  await tellStored(context, queue);
  expect(io.stderr.text()).toBe(
    'keruta: KERUTA_KUBERNETES_DEFAULT_NAMESPACE is "builds", but the queue has "default", which is what the server goes by: `keruta settings set keruta.kubernetes.default-namespace builds` changes it\n',
  );
});
