import { describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { goldenCases } from "./golden-cases.fixture.ts";
import { planJob } from "./job.ts";
import { taskFileOf, withoutTaskPieces } from "./plan.fixture.ts";

describe.each(Object.entries(goldenCases))("%s", (name, input) => {
  const job = planJob(input);

  test("renders the manifest that was read and found right", async () => {
    const yaml = stringify(withoutTaskPieces(job), { lineWidth: 0, aliasDuplicateObjects: false });
    await expect(yaml).toMatchFileSnapshot(`golden/${name}.yaml`);
  });

  test("carries the whole task", () => {
    expect(taskFileOf(job)).toEqual({ apiVersion: "keruta/v1", kind: "Task", ...input.task });
  });

  test("is the same each time", () => {
    expect(JSON.stringify(planJob(input))).toBe(JSON.stringify(job));
  });
});
