import { expect, test } from "vitest";
import { expandSpec } from "./expand-spec.ts";

const values = { KERUTA_TASK_ID: "k7m2xqaf4t", KERUTA_ATTEMPT: "2" };
const reference = "$(KERUTA_TASK_ID)/$(HOME)";
const expanded = "k7m2xqaf4t/$(HOME)";

test("image, command, args, env and repository are expanded, and nothing else", () => {
  const spec = {
    image: reference,
    command: [reference],
    args: ["a", reference],
    env: { A: reference },
    repository: { url: reference, ref: reference, path: reference, secret: "s", depth: 1 },
    script: reference,
    artifacts: { paths: [reference] },
    concurrency: { key: reference },
  };
  expect(expandSpec(spec, values)).toEqual({
    ...spec,
    image: expanded,
    command: [expanded],
    args: ["a", expanded],
    env: { A: expanded },
    repository: { url: expanded, ref: expanded, path: expanded, secret: "s", depth: 1 },
  });
});

test("what a task leaves out stays out", () => {
  expect(expandSpec({ script: "true" }, values)).toEqual({ script: "true" });
});
