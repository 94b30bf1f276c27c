import { expect, test } from "vitest";
import { effectiveSettings } from "../settings/effective.ts";
import { completeSpec, completeTask } from "./complete.ts";

test.each([
  [{ command: ["make", "docs"] }, "make docs"],
  [{ script: "\n  echo hi\nexit 1\n" }, "echo hi"],
  [{ image: "example/docs:1" }, "example/docs:1"],
  [{ command: ["x".repeat(100)] }, `${"x".repeat(59)}…`],
  [{}, "task"],
])("a task without a title is called by what it runs: %j", (spec, title) => {
  expect(completeTask({ spec })).toMatchObject({ title, description: "", priority: 0, labels: {} });
});

test("what nobody says is as the contract has it", () => {
  expect(completeSpec({}, effectiveSettings({}))).toEqual({
    runner: "kubernetes",
    image: null,
    namespace: "default",
    command: [],
    args: [],
    script: null,
    timeout: 21_600_000,
    pendingTimeout: 3_600_000,
    stopGrace: 30_000,
    retry: { attempts: 3, on: ["infrastructure"], backoff: 10_000 },
    restartPolicy: "Never",
    restarts: 5,
    agent: "inject",
    repository: null,
    workspace: "/workspace",
    artifacts: { paths: [], maxFileBytes: 104_857_600, maxTotalBytes: 1_073_741_824, required: false },
    retention: { logs: 2_592_000_000, artifacts: 2_592_000_000 },
  });
});

test("the task's word goes before the settings'", () => {
  const settings = effectiveSettings({
    database: {
      "keruta.kubernetes.enabled": "false",
      "keruta.kubernetes.default-image": "setting/image",
      "keruta.job.default-command": "make",
      "keruta.agent.timeout": "1m",
      "keruta.git.url": "https://example.com/setting.git",
      "keruta.git.ref": "main",
    },
  });
  expect(completeSpec({}, settings)).toMatchObject({
    runner: "local",
    image: "setting/image",
    command: ["make"],
    timeout: 60_000,
    repository: {
      url: "https://example.com/setting.git",
      ref: "main",
      depth: 0,
      path: "/workspace",
      secret: null,
    },
  });
  const own = {
    runner: "kubernetes",
    image: "own",
    script: "true",
    timeout: "5s",
    repository: { url: "file:///own", path: "/src" },
    retry: { on: [42] },
  } as const;
  expect(completeSpec(own, settings)).toMatchObject({
    runner: "kubernetes",
    image: "own",
    command: [],
    script: "true",
    timeout: 5000,
    repository: { url: "file:///own", path: "/src" },
    workspace: "/src",
    retry: { attempts: 3, on: ["42"] },
  });
});
