import { spawnSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Task } from "../task/task.ts";
import { commandEnvironment, expansionsOf, volumeVariable } from "./command-environment.ts";

const task: Task = {
  id: "k7m2xqaf4t",
  title: "Build",
  description: "Free text",
  priority: -3,
  labels: {},
  spec: { env: { OUT: "/out/$(KERUTA_TASK_ID)/$(KERUTA_ATTEMPT)", HOME: "$(HOME)" } },
  status: "PENDING",
  createdAt: "2026-01-31T00:00:00.000Z",
  updatedAt: "2026-01-31T00:00:01.000Z",
  createdBy: "me",
  requestId: null,
  cancelRequestedAt: null,
  progress: { percent: null, message: "" },
  pending: null,
  attempt: null,
  attempts: [],
};
const input = {
  task,
  attempt: 2,
  workspace: "/workspace",
  artifacts: "/artifacts",
  taskFile: "/run/task.json",
};

test("a command gets every variable of the contract, and its own ones expanded", () => {
  expect(commandEnvironment({ ...input, apiUrl: "http://api", apiToken: "t0ken" })).toEqual({
    OUT: "/out/k7m2xqaf4t/2",
    HOME: "$(HOME)",
    KERUTA_TASK_ID: "k7m2xqaf4t",
    KERUTA_TASK_TITLE: "Build",
    KERUTA_TASK_DESCRIPTION: "Free text",
    KERUTA_TASK_PRIORITY: "-3",
    KERUTA_TASK_STATUS: "IN_PROGRESS",
    KERUTA_TASK_CREATED_AT: "2026-01-31T00:00:00.000Z",
    KERUTA_TASK_UPDATED_AT: "2026-01-31T00:00:01.000Z",
    KERUTA_ATTEMPT: "2",
    KERUTA_API_URL: "http://api",
    KERUTA_API_TOKEN: "t0ken",
    KERUTA_WORKSPACE: "/workspace",
    KERUTA_ARTIFACTS: "/artifacts",
    KERUTA_TASK_FILE: "/run/task.json",
  });
});

test("without a server there is neither URL nor token", () => {
  const environment = commandEnvironment(input);
  expect(environment).not.toHaveProperty("KERUTA_API_URL");
  expect(environment).not.toHaveProperty("KERUTA_API_TOKEN");
  expect(expansionsOf(input)).not.toHaveProperty("KERUTA_API_URL");
});

test("a long title and description are cut to what one variable holds, and a real process starts with them", () => {
  const long = { ...task, title: "é".repeat(70_000), description: "あ".repeat(60_000) };
  const environment = commandEnvironment({ ...input, task: long });
  expect(environment["KERUTA_TASK_TITLE_TRUNCATED"]).toBe("true");
  expect(environment["KERUTA_TASK_DESCRIPTION_TRUNCATED"]).toBe("true");
  const script = 'printf %s "$KERUTA_TASK_DESCRIPTION" | wc -c';
  const run = spawnSync("/bin/sh", ["-c", script], { env: { ...environment, PATH: "/bin:/usr/bin" } });
  expect(run.error).toBeUndefined();
  // 131,072 less the name, "=" and NUL leaves 131,047 bytes: 43,682 characters of three.
  expect(Number(run.stdout.toString())).toBe(43_682 * 3);
});

test("one byte decides", () => {
  const room = 131_072 - "KERUTA_TASK_TITLE".length - 2;
  const titled = (length: number) =>
    commandEnvironment({ ...input, task: { ...task, title: "a".repeat(length) } });
  expect(titled(room)).not.toHaveProperty("KERUTA_TASK_TITLE_TRUNCATED");
  expect(titled(room + 1)).toMatchObject({
    KERUTA_TASK_TITLE_TRUNCATED: "true",
    KERUTA_TASK_TITLE: "a".repeat(room),
  });
});

test("no variable is over the bound, holds a NUL, or ends in half a character", () => {
  const text = fc
    .tuple(fc.string({ unit: "binary" }), fc.integer({ min: 0, max: 40_000 }))
    .map(([a, n]) => a + "𝕏".repeat(n));
  fc.assert(
    fc.property(text, (description) => {
      const environment = commandEnvironment({ ...input, task: { ...task, description } });
      for (const [name, value] of Object.entries(environment)) {
        expect(Buffer.byteLength(`${name}=${value}\0`)).toBeLessThanOrEqual(131_072);
        expect(value.includes("\0")).toBe(false);
      }
      const cut = environment["KERUTA_TASK_DESCRIPTION"] ?? "";
      expect(description.replaceAll("\0", "\uFFFD").startsWith(cut)).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test("volumes have variables of their own", () => {
  expect(volumeVariable("build-cache")).toBe("KERUTA_VOLUME_BUILD_CACHE");
});
