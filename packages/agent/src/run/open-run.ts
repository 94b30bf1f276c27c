import { join, resolve } from "node:path";
import { createMask, runFiles, type Control } from "@keruta/shared/domain";
import type { AttemptApi } from "../api/attempt-api.ts";
import { openApi } from "../api/open-api.ts";
import { createReporter, type Reporter } from "../api/reporter.ts";
import { createSpoolReader } from "../api/spool-reader.ts";
import type { RunOptions } from "../arguments/run-arguments.ts";
import { startTimeOf } from "../command/process-table.ts";
import { createStop, type Stop } from "../command/stop.ts";
import { createDriverChannel } from "../control/driver-channel.ts";
import type { Host } from "../host/host.ts";
import { createJournal, type Journal } from "../output/journal.ts";
import { createStreamPipeline, type StreamPipeline } from "../output/stream-pipeline.ts";
import { createOutlet, type Outlet } from "../outlet/outlet.ts";
import { takeStart } from "../report/take-start.ts";
import { openControlServer, type ControlServer } from "../socket/control-server.ts";
import { createSpool, type Spool } from "../spool/spool.ts";
import { createControlTaker, type ControlTaker } from "./controls.ts";
import { commandEnvironment, inheritedEnvironment } from "./environment.ts";
import { listenToSignals } from "./forward-signals.ts";

/** All that a command's run needs, ready before the command starts. */
export interface OpenRun {
  readonly options: RunOptions;
  /** Absolute, as the workspace. */
  readonly runDirectory: string;
  readonly workspace: string;
  readonly hasDriver: boolean;
  /** The command's. */
  readonly env: Readonly<Record<string, string>>;
  readonly stop: Stop;
  readonly api: AttemptApi | null;
  readonly reporter: Reporter | null;
  readonly wire: Outlet;
  readonly spool: Spool;
  readonly journal: Journal;
  readonly stdout: StreamPipeline;
  readonly stderr: StreamPipeline;
  readonly controls: ControlTaker;
  /** null where no socket can be made. */
  readonly server: ControlServer | null;
  /** Sentences for the report. */
  readonly notes: string[];
}

/** Takes the attempt's start, and opens what the command's output and its controls go through. */
export async function openRun(options: RunOptions, host: Host): Promise<OpenRun> {
  const runDirectory = resolve(host.directory, options.runDirectory);
  const inRun = (name: keyof typeof runFiles): string => join(runDirectory, runFiles[name]);
  const hasDriver = options.controlFd !== null;
  const stop = createStop(options.grace, host.clock);
  listenToSignals(host, stop, hasDriver);
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
  return {
    options,
    runDirectory,
    workspace: resolve(host.directory, options.workspace ?? "."),
    hasDriver,
    env,
    stop,
    api,
    reporter,
    wire,
    spool,
    journal,
    stdout: pipeline("stdout"),
    stderr: pipeline("stderr"),
    controls,
    server,
    notes,
  };
}
