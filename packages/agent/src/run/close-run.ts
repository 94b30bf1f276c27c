import { join } from "node:path";
import { codeOf, runFiles, type AgentReport } from "@keruta/shared/domain";
import type { Reporter } from "../api/reporter.ts";
import { gatherArtifacts } from "../gather/gather.ts";
import { readMemoryCounts, type MemoryCounts } from "../report/memory.ts";
import { createReport } from "../report/report.ts";
import { leavesArtifacts } from "./leaves-artifacts.ts";
import type { OpenRun } from "./open-run.ts";
import type { EndedCommand } from "./run-command.ts";

/** Brings together what the command left, closes its log, and gives the report. */
export async function closeRun(
  run: OpenRun,
  ended: EndedCommand,
  memoryBefore: MemoryCounts,
): Promise<AgentReport> {
  const { options, runDirectory, workspace, journal, spool, wire, reporter, controls, notes } = run;
  run.server?.commandEnded();
  await unlessRefused(notes, "Artifacts outside the shared directories were not copied", undefined, () =>
    gatherArtifacts({ ...options, runDirectory, workspace }),
  );
  journal.mark(true);

  const spoolIncomplete = await spool.close();
  if (wire.broken !== null) notes.push(`The agent's own output could not be written (${wire.broken}).`);
  const named = join(runDirectory, runFiles.artifacts);
  const leaves = await unlessRefused(notes, "It is not known whether there are artifacts", true, () =>
    leavesArtifacts(options.artifactsDirectory, named),
  );
  return createReport({
    ...ended,
    taskId: options.taskId,
    stdout: run.stdout.digest(),
    stderr: run.stderr.digest(),
    sequence: journal.sequence,
    spoolIncomplete,
    memoryBefore,
    memoryAfter: readMemoryCounts(),
    ownCgroup: !run.hasDriver,
    leavesArtifacts: leaves,
    notes: [...notes, ...reportNotes(reporter), ...controls.notes],
  });
}

function reportNotes(reporter: Reporter | null): readonly string[] {
  return reporter?.problem == null ? [] : [`Reports to the server ended: ${reporter.problem}`];
}

/** After the command's end nothing that the system refuses may keep its end from being told. */
async function unlessRefused<T>(
  notes: string[],
  problem: string,
  otherwise: T,
  ask: () => Promise<T>,
): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    notes.push(`${problem} (${code}).`);
    return otherwise;
  }
}
