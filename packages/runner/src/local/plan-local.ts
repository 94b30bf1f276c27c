import {
  expandSpec,
  formatDuration,
  parseDuration,
  parseQuantity,
  type Repository,
  type Task,
  type TaskSpec,
} from "@keruta/shared/domain";
import type { RunSettings } from "../stages/run-settings.ts";
import type { RunDirectory } from "./run-directory.ts";

/** What the local runner is about to do with a task: everything that needs no look at the machine. */
export interface LocalPlan {
  /** Empty where the agent takes the script from the task file. */
  readonly command: readonly string[];
  readonly repository: PlannedRepository | null;
  /** The volume with this mountPath is the workspace. */
  readonly workspacePath: string;
  readonly agentArgs: readonly string[];
  readonly collectArgs: readonly string[];
  /** True where the task names artifacts, so that none is worth a word. */
  readonly wantsArtifacts: boolean;
}

export interface PlannedRepository {
  readonly url: string;
  readonly ref: string | null;
  readonly depth: number;
  readonly submodules: boolean;
  readonly clean: boolean;
  readonly secret: string | null;
}

export interface PlanLocalInput {
  readonly task: Task;
  readonly attempt: number;
  readonly run: RunDirectory;
  readonly workspace: string;
  readonly volumeDirectories: readonly string[];
  readonly settings: RunSettings;
}

const defaultWorkspacePath = "/workspace";
const defaultRestarts = 5;

export function planLocal(input: PlanLocalInput): LocalPlan {
  const { task, attempt, settings } = input;
  const spec = expandSpec(task.spec, {
    KERUTA_TASK_ID: task.id,
    KERUTA_TASK_PRIORITY: String(task.priority),
    KERUTA_TASK_CREATED_AT: task.createdAt,
    KERUTA_ATTEMPT: String(attempt),
  });
  const hasScript = spec.script !== undefined && spec.script !== "";
  return {
    command: hasScript ? [] : [...(spec.command ?? settings.defaultCommand), ...(spec.args ?? [])],
    repository: planRepository(spec.repository, settings),
    workspacePath: workspacePathOf(spec, settings),
    agentArgs: agentArgs(input),
    collectArgs: collectArgs(input),
    wantsArtifacts: (spec.artifacts?.paths ?? []).length > 0,
  };
}

export function workspacePathOf(spec: TaskSpec, settings: RunSettings): string {
  return spec.repository?.path ?? (settings.repository.path || defaultWorkspacePath);
}

function planRepository(repository: Repository | undefined, settings: RunSettings): PlannedRepository | null {
  const url = repository?.url ?? settings.repository.url;
  if (url === "") return null;
  const ref = repository?.ref ?? settings.repository.ref;
  const secret = repository?.secret ?? settings.repository.secret;
  return {
    url,
    ref: ref === "" ? null : ref,
    depth: repository?.depth ?? 0,
    submodules: repository?.submodules ?? false,
    clean: repository?.clean ?? false,
    secret: secret === "" ? null : secret,
  };
}

function agentArgs(input: PlanLocalInput): string[] {
  const { task, run, workspace, volumeDirectories, settings } = input;
  const { spec } = task;
  const timeout = (spec.timeout === undefined ? undefined : parseDuration(spec.timeout)) ?? settings.timeout;
  const args = ["--task-id", task.id, "--run-dir", run.agent, "--workspace", workspace];
  args.push("--artifacts-dir", run.artifacts, "--bin-dir", run.bin);
  args.push("--timeout", formatDuration(timeout), "--grace", formatDuration(settings.stopGrace));
  args.push(
    "--control-lines",
    settings.controlLines ? "on" : "off",
    "--spool-bytes",
    String(settings.spoolBytes),
  );
  if (spec.restartPolicy === "OnFailure") {
    args.push("--restart-policy", "OnFailure", "--restarts", String(spec.restarts ?? defaultRestarts));
  }
  for (const pattern of spec.artifacts?.paths ?? []) {
    if (pattern.startsWith("/")) args.push("--artifact", pattern);
  }
  for (const directory of volumeDirectories) args.push("--volume", directory);
  for (const name of Object.keys(spec.secretEnv ?? {})) args.push("--mask-env", name);
  return [...args, ...limitArgs(input)];
}

function collectArgs(input: PlanLocalInput): string[] {
  const { task, run, workspace, volumeDirectories } = input;
  const args = ["--run-dir", run.agent, "--workspace", workspace, "--artifacts-dir", run.artifacts];
  for (const pattern of task.spec.artifacts?.paths ?? []) args.push("--artifact", pattern);
  for (const directory of volumeDirectories) args.push("--volume", directory);
  return [...args, ...limitArgs(input)];
}

function limitArgs({ task, settings }: PlanLocalInput): readonly string[] {
  const { maxBytes } = task.spec.artifacts ?? {};
  const own = maxBytes === undefined ? undefined : parseQuantity(maxBytes);
  const one = Math.min(own ?? settings.artifactMaxBytes, settings.artifactMaxTotalBytes);
  return ["--max-bytes", String(one), "--max-total-bytes", String(settings.artifactMaxTotalBytes)];
}
