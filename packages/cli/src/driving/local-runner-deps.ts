import { join } from "node:path";
import type { LocalRunnerDeps } from "@keruta/runner/local";
import type { AttemptObserver, CancelWishes } from "@keruta/runner/stages";
import type { Queue } from "@keruta/shared/queue";
import type { Context } from "../context/context.ts";
import { artifactStore } from "../context/artifact-store.ts";
import { agentEnvironment, hostEnvironment } from "./host-environment.ts";
import { runSettings } from "./run-settings.ts";

export interface LocalRunnerOptions {
  readonly context: Context;
  readonly queue: Queue;
  readonly observer: AttemptObserver;
  readonly cancel: AbortSignal;
  readonly cancelWishes?: CancelWishes;
}

/** Where attempts run; the queue's own, since other queues have theirs. */
export function runsDirectory({ paths }: Context, queue: Queue): string {
  return join(paths.state, "runs", queue.uid);
}

/** The local runner's surroundings on this machine. */
export async function localRunnerDeps(options: LocalRunnerOptions): Promise<LocalRunnerDeps> {
  const { context, queue, observer, cancel, cancelWishes } = options;
  const { machine, paths, env, clock, random } = context;
  const settings = await context.settings();
  return {
    queue,
    observer,
    cancel,
    cancelWishes,
    clock,
    random,
    ...machine,
    settings: runSettings(settings),
    paths: {
      runs: runsDirectory(context, queue),
      claims: join(paths.state, "claims"),
      secrets: join(paths.config, "secrets"),
      configMaps: join(paths.config, "configmaps"),
      artifacts: artifactStore(paths, settings),
    },
    hostEnvironment: hostEnvironment(env),
    agentEnvironment: agentEnvironment(env),
  };
}
