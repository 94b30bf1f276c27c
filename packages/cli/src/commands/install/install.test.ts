import { expect, test } from "vitest";
import { testContext } from "../../compose/context.fake.ts";
import { runProgram } from "../../program/program.ts";

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec?: {
    readonly template?: { readonly spec: { readonly containers: readonly { envFrom?: unknown }[] } };
  };
}

async function deployments(...flags: readonly string[]) {
  await using surroundings = await testContext();
  const { context, io } = surroundings;
  const line = ["install", "--server", "--dry-run", "-o", "json", "--database-secret", "db", ...flags];
  expect(await runProgram(context, line)).toBe(0);
  const { items } = JSON.parse(io.stdout.text()) as { readonly items: readonly Manifest[] };
  return items
    .filter(({ kind }) => kind === "Deployment")
    .map(({ metadata, spec }) => [metadata.name, spec?.template?.spec.containers[0]?.envFrom]);
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
