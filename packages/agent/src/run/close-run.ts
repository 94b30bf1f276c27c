import { join } from "node:path";
import { runFiles, type AgentReport } from "@keruta/shared/domain";
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
  await run.server?.close();
  const gatherProblem = await gatherArtifacts({ ...options, runDirectory, workspace }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === undefined) throw error;
      return `Artifacts outside the shared directories were not copied (${error.code}).`;
    },
  );
  if (gatherProblem !== undefined) notes.push(gatherProblem);
  journal.mark(true);

  const spoolIncomplete = await spool.close();
  if (wire.broken !== null) notes.push(`The agent's own output could not be written (${wire.broken}).`);
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
    leavesArtifacts: await leavesArtifacts(
      options.artifactsDirectory,
      join(runDirectory, runFiles.artifacts),
    ),
    notes: [...notes, ...reportNotes(reporter), ...controls.notes],
  });
}

function reportNotes(reporter: Reporter | null): readonly string[] {
  return reporter?.problem == null ? [] : [`Reports to the server ended: ${reporter.problem}`];
}
