import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { testContext } from "../../compose/context.fake.ts";
import { runProgram } from "../../program/program.ts";
import { addTask } from "../../tasks/queued.fake.ts";

interface ShownJob {
  readonly metadata: { readonly name: string; readonly namespace: string };
}

async function run(line: readonly string[]) {
  await using surroundings = await testContext();
  const code = await runProgram(surroundings.context, line);
  const stdout = surroundings.io.stdout.text();
  const queued = await (await surroundings.queue()).listTasks({});
  return { code, stdout, stderr: surroundings.io.stderr.text(), queued: queued.items };
}

const image = ["--image", "example/docs:1", "-n", "builds"];

describe.each([
  ["render", ["render"], 1],
  ["submit --dry-run client", ["submit", "--dry-run", "client"], 125],
])("%s", (_, words, failure) => {
  it("prints the Job without a cluster, and queues nothing", async () => {
    const { code, stdout, stderr, queued } = await run([...words, ...image, "--", "make", "docs"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(parse(stdout)).toMatchObject({
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "keruta-dryrunonly-1", namespace: "builds" },
    });
    expect(queued).toEqual([]);
  });

  it("prints the same Job as JSON, byte for byte the same each time", async () => {
    await using surroundings = await testContext();
    const { context, io } = surroundings;
    const printed = async (...flags: string[]) => {
      const before = io.stdout.text().length;
      await runProgram(context, [...words, ...image, ...flags, "--", "make"]);
      return io.stdout.text().slice(before);
    };
    const json = await printed("-o", "json");
    expect(await printed("-o", "json")).toBe(json);
    expect(parse(await printed())).toEqual(JSON.parse(json));
  });

  it("quotes what YAML 1.1, which kubectl reads, takes for a boolean", async () => {
    const { stdout } = await run([...words, ...image, "--env", "A=no", "--env", "B=1:30", "--", "make"]);
    const named = new Map(
      [...stdout.matchAll(/- name: ([AB])\n +value: (.*)/g)].map(([, name, value]) => [name, value]),
    );
    expect(Object.fromEntries(named)).toEqual({ A: '"no"', B: '"1:30"' });
  });

  it("refuses a task of the local runner", async () => {
    const { code, stdout, stderr } = await run([...words, ...image, "--runner", "local", "--", "make"]);
    expect({ code, stdout }).toEqual({ code: failure, stdout: "" });
    expect(stderr).toContain("runner local");
    expect(stderr).toContain("KRT_RUNNER_UNSUPPORTED");
  });

  it("refuses to guess what the queue's next task will be", async () => {
    const { code, stderr } = await run(words);
    expect(code).not.toBe(0);
    expect(stderr).toContain("known only when it is popped");
  });

  it("refuses a task that no image is known of", async () => {
    const { code, stderr } = await run([...words, "-n", "builds", "--", "make"]);
    expect(code).toBe(failure);
    expect(stderr).toContain("names no image");
  });
});

describe("keruta render TASK_ID", () => {
  it("shows the attempt that would be next, and leaves the task as it is", async () => {
    await using surroundings = await testContext();
    const { context, io } = surroundings;
    const queue = await surroundings.queue();
    const { id } = await addTask(queue, { spec: { image: "a:1", command: ["true"], runner: "kubernetes" } });
    const code = await runProgram(context, ["render", id, "-n", "builds", "-o", "json"]);
    expect(code).toBe(0);
    expect((JSON.parse(io.stdout.text()) as ShownJob).metadata.name).toBe(`keruta-${id}-1`);
    expect((await queue.getTask(id))?.status).toBe("PENDING");
  });
});
