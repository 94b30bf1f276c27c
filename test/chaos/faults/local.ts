import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AgentStart, CommandProcess } from "../../../packages/shared/src/domain/index.ts";
import { runFiles } from "../../../packages/shared/src/domain/index.ts";
import { createProcessTable } from "../../../packages/shared/src/queue/index.ts";
import type { AttemptKey } from "../check/history.ts";
import type { FaultKind } from "../plan/fault-kinds.ts";
import type { Round } from "../world/round-state.ts";
import { target, type BringAbout } from "./choose.ts";

interface LocalProcess {
  readonly attempt: AttemptKey;
  readonly pid: number;
}

const table = createProcessTable({ platform: process.platform, pid: process.pid });

/** Agents or commands of the local runner that live, by what they noted themselves. */
async function localProcesses(round: Round, note: "start" | "command"): Promise<readonly LocalProcess[]> {
  const root = join(round.arena.state, "runs", round.store.queue.uid);
  const found = await Promise.all(
    (await readdir(root).catch(() => [])).map(async (name): Promise<LocalProcess | undefined> => {
      const text = await readFile(join(root, name, "agent", runFiles[note]), "utf8").catch(() => "");
      if (text === "") return undefined;
      const { pid, startTime, ...rest } = JSON.parse(text) as CommandProcess & Partial<AgentStart>;
      if (rest.role === "driver" || table.startTimeOf(pid) !== startTime) return undefined;
      const [taskId = "", number = ""] = name.split("-");
      return { attempt: { taskId, number: Number(number) }, pid };
    }),
  );
  return found.filter((one) => one !== undefined);
}

function kill(note: "start" | "command"): BringAbout {
  return async (round, planned) => {
    const all = await localProcesses(round, note);
    const mayHit = ({ attempt }: LocalProcess) => note === "start" || mayLoseCommand(round, attempt);
    const one = target(all.filter(mayHit), planned);
    if (!one) return false;
    const at = Date.now();
    process.kill(one.pid, "SIGKILL");
    round.record({
      kind: planned.kind,
      at,
      until: at,
      what: `process ${String(one.pid)}`,
      attempt: one.attempt,
    });
    return true;
  };
}

/** With restarts in place the next start would begin in the middle of what this one wrote. */
export function mayLoseCommand({ tasks }: Round, { taskId }: AttemptKey): boolean {
  return tasks.find(({ acceptedAs }) => acceptedAs === taskId)?.plan.restarts === 0;
}

export const localFaults = {
  "kill-local-agent": kill("start"),
  "kill-local-command": kill("command"),
} as const satisfies Partial<Record<FaultKind, BringAbout>>;
