import { join } from "node:path";
import { runFiles } from "@keruta/shared/domain";

/** Where one attempt of the local runner lies: everything in it goes when the attempt is settled. */
export interface RunDirectory {
  readonly root: string;
  /** The agent's own: spool, result, socket. */
  readonly agent: string;
  readonly spool: string;
  readonly result: string;
  readonly command: string;
  readonly workspace: string;
  readonly artifacts: string;
  readonly volumes: string;
  /** Has `keruta-agent`, and stands at the end of the command's PATH. */
  readonly bin: string;
  readonly taskFile: string;
}

export function runDirectory(root: string): RunDirectory {
  const agent = join(root, "agent");
  return {
    root,
    agent,
    spool: join(agent, runFiles.spool),
    result: join(agent, runFiles.result),
    command: join(agent, runFiles.command),
    workspace: join(root, "workspace"),
    artifacts: join(root, "artifacts"),
    volumes: join(root, "volumes"),
    bin: join(root, "bin"),
    taskFile: join(root, "task.json"),
  };
}

export function runDirectoryName(taskId: string, attempt: number): string {
  return `${taskId}-${String(attempt)}`;
}

/** The task and attempt that a directory's name tells, undefined for a name that is not ours. */
export function parseRunDirectoryName(name: string): { taskId: string; attempt: number } | undefined {
  const match = /^([a-z][a-z2-7]{9})-(\d{1,9})$/.exec(name);
  return match?.[1] === undefined ? undefined : { taskId: match[1], attempt: Number(match[2]) };
}
