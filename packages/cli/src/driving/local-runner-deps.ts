import { join } from "node:path";
import { sweepRuns, type LocalRunnerDeps } from "@keruta/runner/local";
import type { AttemptObserver } from "@keruta/runner/stages";
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
}

/** The local runner's surroundings on this machine. Run directories are the queue's own: other queues have theirs. */
export async function localRunnerDeps(options: LocalRunnerOptions): Promise<LocalRunnerDeps> {
  const { context, queue, observer, cancel } = options;
  const { machine, paths, env, clock, random } = context;
  const settings = await context.settings();
  const runs = join(paths.state, "runs", queue.uid);
  await sweepRuns(queue, runs);
  return {
    queue,
    observer,
    cancel,
    clock,
    random,
    ...machine,
    settings: runSettings(settings),
    paths: {
      runs,
      claims: join(paths.state, "claims"),
      secrets: join(paths.config, "secrets"),
      configMaps: join(paths.config, "configmaps"),
      artifacts: artifactStore(paths, settings),
    },
    hostEnvironment: hostEnvironment(env),
    agentEnvironment: agentEnvironment(env),
  };
}
