import type { ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { vi } from "vitest";
import type { Sandbox } from "../sandbox.ts";
import type { ClusterSandbox } from "./environment.ts";

export const busybox = "localhost/keruta-test/busybox:1";

const root = join(import.meta.dirname, "../..");
const { version } = JSON.parse(await readFile(join(root, "packages/cli/package.json"), "utf8")) as {
  version: string;
};

/** The program from its sources, which kills itself at the step; the image is that of the built program. */
export const crashingAt = (step: string) => ({
  program: [process.execPath, "--conditions=keruta-source", join(root, "test/crash/main.ts")],
  env: { KERUTA_TEST_CRASH_AT: step, KERUTA_AGENT_IMAGE: `localhost/keruta/agent:${version}` },
});

interface ShownAttempt {
  readonly number: number;
  readonly phase: string;
  readonly reason: string;
  readonly category: string;
  readonly exitCode: number | null;
  readonly jobName: string | null;
  readonly podName: string | null;
  readonly log: { readonly bytes: number; readonly complete: boolean };
  readonly artifacts: { readonly status: string; readonly files: number };
}

/** A task as `keruta show -o json` has it. */
export interface ShownTask {
  readonly id: string;
  readonly status: string;
  readonly attempt: ShownAttempt;
  readonly attempts: readonly ShownAttempt[];
}

export interface Submitted {
  readonly child: ChildProcess;
  readonly ended: ReturnType<Sandbox["run"]>;
  /** Resolves as soon as the task is accepted. */
  id(): Promise<string>;
}

export interface SubmitOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly program?: readonly string[];
  readonly flags?: readonly string[];
}

let submissions = 0;

/** Looks until there is a value; unlike `expect.poll` it may be called from any of many concurrent tests. */
export function eventually<T>(look: () => Promise<T | undefined>, timeout = 60_000): Promise<T> {
  const lookOrThrow = async () => {
    const value = await look();
    if (value === undefined) throw new Error(`it did not come to be: ${look.toString()}`);
    return value;
  };
  return vi.waitFor(lookOrThrow, { timeout, interval: 200 });
}

/** `keruta submit -f` of a task with this spec; its image is busybox unless the spec has another. */
export async function submit(
  sandbox: ClusterSandbox,
  spec: Readonly<Record<string, unknown>>,
  { flags = [], ...options }: SubmitOptions = {},
): Promise<Submitted> {
  submissions += 1;
  const name = `task-${String(submissions)}`;
  const task = { apiVersion: "keruta/v1", kind: "Task", title: name, spec: { image: busybox, ...spec } };
  const file = await sandbox.file(`${name}.json`, JSON.stringify(task));
  const idFile = join(sandbox.directory, `${name}.id`);
  const { child, ended } = sandbox.start(["submit", "-f", file, "--id-file", idFile, ...flags], options);
  const id = () =>
    eventually(async () => {
      const text = (await readFile(idFile, "utf8").catch(() => "")).trim();
      return text === "" ? undefined : text;
    });
  return { child, ended, id };
}

export async function show(sandbox: ClusterSandbox, id: string): Promise<ShownTask> {
  return (await sandbox.json(["show", id])) as unknown as ShownTask;
}

/** Resolves when the process has written this on its standard output. */
export async function says(child: ChildProcess, text: string): Promise<void> {
  let seen = "";
  const { stdout } = child;
  if (!stdout) throw new Error("the process has no standard output");
  await new Promise<void>((resolve, reject) => {
    const look = (chunk: Buffer) => {
      seen += chunk.toString("latin1");
      if (!seen.includes(text)) return;
      stdout.off("data", look);
      resolve();
    };
    stdout.on("data", look);
    child.once("close", () => reject(new Error(`it ended without "${text}": ${seen}`)));
  });
}

/** Names of the task's objects of a kind; a Pod that waits for its deletion counts. */
export async function namesOf(sandbox: ClusterSandbox, kind: "jobs" | "pods", id: string): Promise<string[]> {
  const output = ["-o", "jsonpath={.items[*].metadata.name}"];
  const names = await sandbox.kubectl("get", kind, "-l", `keruta.dev/task-id=${id}`, ...output);
  return names.split(" ").filter((name) => name !== "");
}

/** The task's one Pod, as soon as it is there. */
export function podOf(sandbox: ClusterSandbox, id: string): Promise<string> {
  return eventually(async () => (await namesOf(sandbox, "pods", id))[0]);
}

/** Waits until the command's container has ended, which the Pod may outlive. */
export async function commandEnds(sandbox: ClusterSandbox, pod: string): Promise<void> {
  const path = "{.status.containerStatuses[0].state.terminated.finishedAt}";
  await sandbox.kubectl("wait", `--for=jsonpath=${path}`, `pod/${pod}`, "--timeout=90s");
}

/** Waits until no Pod of the task runs or may run yet. */
export async function nothingRuns(sandbox: ClusterSandbox, id: string): Promise<void> {
  const live = ["--field-selector", "status.phase!=Succeeded,status.phase!=Failed", "-o", "name"];
  await eventually(async () => {
    const names = await sandbox.kubectl("get", "pods", "-l", `keruta.dev/task-id=${id}`, ...live);
    return names === "" ? true : undefined;
  });
}

export interface LogRecord {
  readonly kind?: string;
  readonly stream?: string;
  readonly message?: string;
  readonly control?: { readonly type: string };
}

/** What `keruta logs -o jsonl` has of the task, all attempts. */
export async function logRecords(sandbox: ClusterSandbox, id: string): Promise<LogRecord[]> {
  const { stdout, stderr, code } = await sandbox.run(["logs", id, "--attempt", "all", "-o", "jsonl"]);
  if (code !== 0) throw new Error(`no logs of ${id}: ${stderr}`);
  return stdout
    .toString()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as LogRecord);
}
