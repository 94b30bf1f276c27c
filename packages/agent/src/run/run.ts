import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createMask, isKerutaError, runFiles, type Control } from "@keruta/shared/domain";
import { openApi } from "../api/open-api.ts";
import { createReporter, type Reporter } from "../api/reporter.ts";
import { createSpoolReader } from "../api/spool-reader.ts";
import { parseRunArguments } from "../arguments/run-arguments.ts";
import { startTimeOf } from "../command/process-table.ts";
import { startFailure } from "../command/start-failure.ts";
import { startCommand } from "../command/start-command.ts";
import { createStop } from "../command/stop.ts";
import { supervise, type CommandEnd } from "../command/supervise.ts";
import { createDriverChannel } from "../control/driver-channel.ts";
import { createJournal } from "../output/journal.ts";
import { createOutlet } from "../outlet/outlet.ts";
import { readCommand } from "../output/read-command.ts";
import { createStreamPipeline } from "../output/stream-pipeline.ts";
import { exitCodeOf } from "../report/exit-code.ts";
import { readMemoryCounts } from "../report/memory.ts";
import { createProcessNote } from "../report/process-note.ts";
import { createReport } from "../report/report.ts";
import { takeStart } from "../report/take-start.ts";
import { writeReport } from "../report/write-report.ts";
import { openControlServer } from "../socket/control-server.ts";
import { gatherArtifacts } from "../gather/gather.ts";
import { leavesArtifacts } from "./leaves-artifacts.ts";
import { createSpool } from "../spool/spool.ts";
import { createControlTaker } from "./controls.ts";
import { commandEnvironment, inheritedEnvironment } from "./environment.ts";
import { listenToSignals } from "./forward-signals.ts";
import type { Host } from "../host/host.ts";
import { taskFileOf } from "./task-file.ts";
import { whatToRun } from "./what-to-run.ts";

const markInterval = 1_000;

/**
 * `keruta-agent run`: runs a task's command to its end and gives the agent's exit code.
 *
 *     take the start ─▶ environment ─▶ spool, socket ─▶ supervise: start ─▶ read ─▶ end the group (─▶ again)
 *                    ─▶ last mark ─▶ spool closed ─▶ report written ─▶ own output flushed
 */
export async function run(args: readonly string[], host: Host): Promise<number> {
  const options = parseRunArguments(args, host.env);
  const runDirectory = resolve(host.directory, options.runDirectory);
  const inRun = (name: keyof typeof runFiles): string => join(runDirectory, runFiles[name]);
  const stop = createStop(options.grace, host.clock);
  listenToSignals(host, stop, options.controlFd !== null);
  await takeStart(runDirectory, {
    role: "agent",
    pid: host.pid,
    startTime: startTimeOf(host.pid, host.platform),
  });

  const channel =
    options.controlFd === null ? undefined : createDriverChannel(host.openInput(options.controlFd));
  channel?.listen((why) => stop.request(why));
  const given = channel ? await channel.start : inheritedEnvironment(host);
  const { api, secrets, notes } = await openApi(options, runDirectory, { ...host.env, ...given }, host);
  const mask = createMask([
    ...options.maskNames.map((name) => ({ name, value: given?.[name] ?? "" })),
    ...secrets,
  ]);

  const wire = createOutlet(host.openOutput(1));
  const spool = createSpool(inRun("spool"), options.spoolBytes);
  const journal = createJournal({ wire, spool, clock: host.clock });
  const reporter =
    api &&
    createReporter({
      api,
      spool: createSpoolReader(inRun("spool")),
      sequence: () => journal.sequence,
      host,
    });
  const controls = createControlTaker(inRun("artifacts"), mask, journal, (control, sequence) => {
    if (control.type !== "progress") return;
    reporter?.progress({ percent: control.percent, message: control.message, sequence });
  });
  const onControl = (control: Control): void => controls.take(control);
  const pipeline = (stream: "stdout" | "stderr") =>
    createStreamPipeline({
      stream,
      mask,
      controlLines: options.controlLines,
      journal,
      onControl,
      clock: host.clock,
    });
  const stdout = pipeline("stdout");
  const stderr = pipeline("stderr");
  for (const name of mask.refused) {
    const message = `The value of ${name} is shorter than 4 bytes and is not masked.`;
    journal.control({ type: "log", level: "WARN", message });
  }

  const server = await openControlServer(runDirectory, {
    onControl,
    onStop: () => stop.request("cancel"),
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === undefined) throw error;
    notes.push(
      `keruta-agent progress, artifact, log and output do not work here: no socket (${error.code}).`,
    );
    return null;
  });
  const env = commandEnvironment(given ?? {}, {
    binDirectory: options.binDirectory,
    socket: server?.path ?? null,
  });

  const givenFile = env["KERUTA_TASK_FILE"] ?? host.env["KERUTA_TASK_FILE"];
  const processNote = createProcessNote(inRun("command"));
  const memoryBefore = readMemoryCounts();
  let startedAt: number | undefined;
  let taskFile: string | undefined;
  const marks = setInterval(() => journal.mark(false), markInterval);
  const end: CommandEnd = await supervise(
    {
      stop,
      host,
      start: async () => {
        try {
          taskFile ??= await taskFileOf(options.command, givenFile, inRun("task"), { api, host, stop });
          return await startCommand({
            argv: await whatToRun({ ...options, runDirectory, taskFile }),
            env,
            directory: resolve(host.directory, options.workspace ?? "."),
            runDirectory,
            fifoMaker: host.launcher ? [host.launcher, "mkfifo"] : ["mkfifo", "-m", "666"],
            agentPath: host.env["PATH"],
            platform: host.platform,
            arch: host.arch,
          });
        } catch (error) {
          if (!isKerutaError(error)) throw error;
          return startFailure("failed", error.text.en);
        }
      },
      read: (command) => readCommand(command, { stdout, stderr, journal }),
      onStarted: (pid, restart) => {
        startedAt ??= host.clock();
        reporter?.started(startedAt);
        processNote.write({ pid, startTime: startTimeOf(pid, host.platform) });
        journal.control({ type: "started", pid, restart });
      },
      onExited: () => processNote.remove(),
      wait: async (milliseconds, signal) => {
        // Aborted: someone wants the end.
        await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
      },
    },
    options,
  );
  const finishedAt = host.clock();
  clearInterval(marks);
  await server?.close();
  const gatherProblem = await gatherArtifacts({
    ...options,
    runDirectory,
    workspace: resolve(host.directory, options.workspace ?? "."),
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === undefined) throw error;
    return `Artifacts outside the shared directories were not copied (${error.code}).`;
  });
  if (gatherProblem !== undefined) notes.push(gatherProblem);
  journal.mark(true);

  const spoolIncomplete = await spool.close();
  if (wire.broken !== null) notes.push(`The agent's own output could not be written (${wire.broken}).`);
  const report = createReport({
    taskId: options.taskId,
    end,
    startedAt: startedAt ?? finishedAt,
    finishedAt,
    stdout: stdout.digest(),
    stderr: stderr.digest(),
    sequence: journal.sequence,
    spoolIncomplete,
    memoryBefore,
    memoryAfter: readMemoryCounts(),
    ownCgroup: channel === undefined,
    leavesArtifacts: await leavesArtifacts(options.artifactsDirectory, inRun("artifacts")),
    notes: [...notes, ...reportNotes(reporter), ...controls.notes, ...processNote.notes],
  });
  await writeReport(report, [inRun("result"), options.terminationMessage], host);
  const untold = await reporter?.finish(report, options.reportWait);
  // In a Pod its driver has all of it anyway, and the agent's stderr would be read as the command's output.
  if (untold != null && options.terminationMessage === null)
    host.complain(`keruta-agent: Not all was reported to the server: ${untold}`);
  await wire.flushed();
  return exitCodeOf(report);
}

function reportNotes(reporter: Reporter | null): readonly string[] {
  return reporter?.problem == null ? [] : [`Reports to the server ended: ${reporter.problem}`];
}
