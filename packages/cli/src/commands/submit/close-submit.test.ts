import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testContext } from "../../compose/context.fake.ts";
import { addTask, endTask, startTask } from "../../tasks/queued.fake.ts";
import { closeSubmit } from "./close-submit.ts";

const files = [{ path: "out", bytes: 1, sha256: "0".repeat(64), mode: 0o644, skipped: null }];

test.each([
  [{ exitCode: 0, reason: "Completed" as const }, 0],
  [{ exitCode: 7, reason: "Error" as const }, 7],
])(
  "the result, the last words and the code are there where artifacts cannot be copied: %j",
  async (ending, code) => {
    await using surroundings = await testContext();
    const { context, io, directory } = surroundings;
    const queue = await surroundings.queue();
    const { id } = await addTask(queue);
    const task = await endTask(queue, await startTask(queue, id), { ...ending, files });
    await writeFile(join(directory, "file"), "");
    const closed = closeSubmit(
      {
        context,
        format: "text",
        detach: false,
        resultFile: "result.json",
        artifactsDir: "file/below",
        simpleExitCode: false,
      },
      queue,
      { task, interrupted: null },
    );
    await expect(closed).rejects.toMatchObject({ code: expect.stringMatching(/^KRT_/) as string });
    expect(JSON.parse(await readFile(join(directory, "result.json"), "utf8"))).toMatchObject({ id });
    expect(io.stderr.text()).toContain(`keruta: ${id} `);
    expect(context.exitCode).toBe(code);
  },
);
