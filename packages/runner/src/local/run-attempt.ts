import type { AgentReport, Task } from "@keruta/shared/domain";
import type { Claim } from "@keruta/shared/queue";
import { completeLog } from "../follow/complete-log.ts";
import { followWire } from "../follow/follow-wire.ts";
import type { LogKeeper } from "../follow/log-keeper.ts";
import { readSpool } from "../follow/read-spool.ts";
import { createResumingTracker } from "../follow/resuming-tracker.ts";
import { createControlSink } from "../stages/control-sink.ts";
import { startAgent, type AgentEnd, type AgentProcess } from "./agent-process.ts";
import type { LocalRunnerDeps } from "./deps.ts";
import { finishAttempt } from "./finish-attempt.ts";
import { endLeftoverOf } from "./leftover.ts";
import { readyToStart, type ReadyRun } from "./ready-to-start.ts";
import { readReport } from "./read-report.ts";
import { recordPhase } from "../stages/record-phase.ts";
import { runDirectory } from "./run-directory.ts";

export interface RunAttemptInput {
  readonly claim: Claim;
  readonly directory: string;
  readonly log: LogKeeper;
  /** Someone wants the task stopped, here or through the queue. */
  readonly cancel: AbortSignal;
  /** The attempt is another driver's now. */
  readonly lost: AbortSignal;
}

/** Runs an attempt's command as a process of this machine, from its workspace to its settled result. */
export async function runAttempt(deps: LocalRunnerDeps, input: RunAttemptInput): Promise<Task> {
  const { claim, cancel, log, lost } = input;
  const run = runDirectory(input.directory);
  const ready = await readyToStart(deps, { claim, run, cancel });
  if (ready.kind !== "ready") {
    const preparation = ready.kind === "failed" ? ready.failure : null;
    const cancelled = ready.kind === "cancelled";
    const summary = log.summary(true);
    return finishAttempt(deps, {
      claim,
      run,
      prepared: null,
      report: null,
      preparation,
      cancelled,
      agentEnd: null,
      log: summary,
      lost,
    });
  }

  await recordPhase(deps, claim, "Starting");
  const { report, end } = await runCommand(deps, input, ready);
  // An agent that was killed leaves the command behind, and nothing may run when this attempt is over.
  if (report === null) await endLeftoverOf(deps, run);
  deps.crashPoint("ended");
  const summary = await completeLog({
    log,
    report,
    readSpool: (after) => readSpool(run.spool, after),
    clock: deps.clock,
  });
  deps.crashPoint("logged");
  await recordPhase(deps, claim, "Collecting");
  return finishAttempt(deps, {
    claim,
    run,
    prepared: ready.prepared,
    report,
    preparation: null,
    cancelled: report === null && cancel.aborted,
    agentEnd: wordsOf(end),
    log: summary,
    lost,
  });
}

async function runCommand(
  deps: LocalRunnerDeps,
  { claim, log, cancel, lost }: RunAttemptInput,
  { prepared, environment }: ReadyRun,
): Promise<{ report: AgentReport | null; end: AgentEnd }> {
  const { run, plan } = prepared;
  const agent = startAgent({
    agent: deps.agent,
    args: plan.agentArgs,
    command: plan.command,
    commandEnvironment: environment,
    agentEnvironment: { ...deps.agentEnvironment, KERUTA_TASK_FILE: run.taskFile },
  });
  deps.crashPoint("started");
  const unlisten = listen(agent, cancel, lost);
  const controls = createControlSink(deps, claim, false);
  try {
    await followWire({
      wire: agent.wire,
      tracker: createResumingTracker(log.position),
      log,
      openLine: (record) => ({ record, time: deps.clock() }),
      onControl: (control, time) => {
        controls.take(control, time);
        if (control.type === "started") deps.crashPoint("running");
      },
      readSpool: (after) => readSpool(run.spool, after),
    });
    const end = await agent.ended;
    return { report: await readReport(run.result), end };
  } catch (error) {
    // Whatever broke here must not leave the command behind: the agent takes this for our death and stops it.
    agent.abandon();
    agent.wire.resume();
    await agent.ended;
    throw error;
  } finally {
    unlisten();
    await controls.flush();
  }
}

function listen(agent: AgentProcess, cancel: AbortSignal, lost: AbortSignal): () => void {
  const stop = () => agent.stop();
  const abandon = () => agent.abandon();
  if (cancel.aborted) stop();
  if (lost.aborted) abandon();
  cancel.addEventListener("abort", stop);
  lost.addEventListener("abort", abandon);
  return () => {
    cancel.removeEventListener("abort", stop);
    lost.removeEventListener("abort", abandon);
  };
}

function wordsOf({ code, signal, words }: AgentEnd): string {
  const how = signal === null ? `exit code ${String(code)}` : signal;
  return `The agent ended with ${how} and left no result.${words === "" ? "" : ` It said: ${words.slice(-300)}`}`;
}
