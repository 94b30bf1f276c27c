import { mkdir, writeFile } from "node:fs/promises";
import { commandEnvironment, taskFileText, volumeVariable, type Task } from "@keruta/shared/domain";
import type { AgentCommand } from "./agent-process.ts";
import type { LocalRunnerDeps } from "./deps.ts";
import { planLocal, workspacePathOf, type LocalPlan } from "./plan-local.ts";
import type { RunDirectory } from "./run-directory.ts";
import { readSecret } from "./secrets.ts";
import { makeVolumes, type LocalVolume } from "./volumes.ts";

export interface PreparedRun {
  readonly run: RunDirectory;
  readonly plan: LocalPlan;
  readonly workspace: string;
  readonly volumes: readonly LocalVolume[];
}

/** Makes the attempt's directories, volumes and files. Throws a KerutaError that names what is missing. */
export async function prepareRun(
  deps: LocalRunnerDeps,
  task: Task,
  attempt: number,
  run: RunDirectory,
): Promise<PreparedRun> {
  for (const directory of [run.root, run.agent, run.artifacts, run.volumes, run.bin]) {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  }
  const volumes = await makeVolumes(task.id, task.spec.volumes ?? [], { ...deps.paths, run: run.volumes });
  const workspacePath = workspacePathOf(task.spec, deps.settings);
  const workspace = volumes.find((volume) => volume.mountPath === workspacePath)?.directory ?? run.workspace;
  await mkdir(workspace, { recursive: true, mode: 0o700 });
  await writeFile(run.taskFile, taskFileText(task), { mode: 0o600 });
  await writeFile(`${run.bin}/keruta-agent`, launcher(deps.agent), { mode: 0o755 });
  const volumeDirectories = volumes.map((volume) => volume.directory);
  const plan = planLocal({ task, attempt, run, workspace, volumeDirectories, settings: deps.settings });
  return { run, plan, workspace, volumes };
}

/** The command's whole environment, secrets included: it goes to the agent and nowhere else. */
export async function completeEnvironment(
  deps: LocalRunnerDeps,
  task: Task,
  attempt: number,
  prepared: PreparedRun,
): Promise<Record<string, string>> {
  const { run, workspace, volumes } = prepared;
  const environment: Record<string, string> = {
    ...deps.hostEnvironment,
    ...commandEnvironment({ task, attempt, workspace, artifacts: run.artifacts, taskFile: run.taskFile }),
  };
  for (const [name, { secret, key }] of Object.entries(task.spec.secretEnv ?? {})) {
    const bytes = await readSecret(deps.paths.secrets, secret, key);
    // A file written with `echo` ends in a newline that no one means.
    environment[name] = bytes.toString("utf8").replace(/\r?\n$/, "");
  }
  for (const volume of volumes) environment[volumeVariable(volume.name)] = volume.directory;
  return environment;
}

/** Lets a command say `keruta-agent progress 40`: the agent's own program, by its full path. */
function launcher(agent: AgentCommand): string {
  const words = agent.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(" ");
  return `#!/bin/sh\nexec ${words} "$@"\n`;
}
