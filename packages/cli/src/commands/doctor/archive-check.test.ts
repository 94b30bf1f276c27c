import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testContext } from "../../compose/context.fake.ts";
import { runProgram } from "../../program/program.ts";

async function archiveCheck(name: string, prepare: (path: string) => Promise<void> = async () => undefined) {
  await using surroundings = await testContext({ KERUTA_KUBERNETES_ENABLED: "false" });
  const { context, directory, io } = surroundings;
  const path = join(directory, name);
  await prepare(path);
  await runProgram(context, ["settings", "set", "keruta.logs.archive.location", path, "-q"]);
  const before = io.stdout.text().length;
  await runProgram(context, ["doctor", "-o", "json"]);
  const { items } = JSON.parse(io.stdout.text().slice(before)) as { items: readonly { name: string }[] };
  return items.find((item) => item.name === "archive");
}

test("a place that can be used is told", async () => {
  expect(await archiveCheck("archive")).toMatchObject({ status: "ok" });
});

test("one that cannot is told with the next step", async () => {
  const check = await archiveCheck("file", (path) => writeFile(path, "not a directory"));
  expect(check).toMatchObject({ status: "failed", remedy: expect.stringContaining("archive.location") });
});
