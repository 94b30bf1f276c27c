import { isKerutaError, type PreparationFailure } from "@keruta/shared/domain";
import type { Claim } from "@keruta/shared/queue";
import { recordPhase } from "../stages/record-phase.ts";
import { cloneRepository } from "./clone.ts";
import type { LocalRunnerDeps } from "./deps.ts";
import { completeEnvironment, prepareRun, type PreparedRun } from "./prepare.ts";
import type { RunDirectory } from "./run-directory.ts";

export interface ReadyRun {
  readonly kind: "ready";
  readonly prepared: PreparedRun;
  /** The command's, with the values of its secrets. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Anything but `ready` means that the command never starts. */
export type Readiness =
  | ReadyRun
  | { readonly kind: "failed"; readonly failure: PreparationFailure }
  | { readonly kind: "cancelled" };

export interface ReadyInput {
  readonly claim: Claim;
  readonly run: RunDirectory;
  readonly cancel: AbortSignal;
}

/** Makes the workspace, clones into it and gathers the environment. */
export async function readyToStart(
  deps: LocalRunnerDeps,
  { claim, run, cancel }: ReadyInput,
): Promise<Readiness> {
  const { task, attempt } = claim;
  try {
    const prepared = await prepareRun(deps, task, attempt.number, run);
    const environment = await completeEnvironment(deps, task, attempt.number, prepared);
    deps.crashPoint("prepared");
    const { plan, workspace } = prepared;
    if (plan.command.length === 0 && !task.spec.script) return failed(noCommand);
    if (plan.repository) {
      await recordPhase(deps, claim, "Cloning");
      const failure = await cloneRepository(deps, { repository: plan.repository, run, workspace, cancel });
      if (failure && !cancel.aborted) return { kind: "failed", failure };
    }
    return cancel.aborted ? { kind: "cancelled" } : { kind: "ready", prepared, environment };
  } catch (error) {
    // A secret, claim or ConfigMap that is not there: the task's fault, and its result says so.
    if (isKerutaError(error, "KRT_WORKSPACE") || isKerutaError(error, "KRT_SECRET_NOT_FOUND")) {
      return failed(`${error.message}${error.hint ? ` ${error.hint.en}` : ""}`);
    }
    throw error;
  }
}

const noCommand =
  "The task has neither command nor script, and the local runner has no image to take one from.";

function failed(message: string): Readiness {
  return {
    kind: "failed",
    failure: { reason: "ContainerConfigError", category: "task-definition", message },
  };
}
