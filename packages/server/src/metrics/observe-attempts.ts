import type { ServerDeps } from "../deps/env.ts";

/** Counts attempts as they end, whoever drove them: workers on the database pass by the API. */
export async function observeAttempts(
  deps: Pick<ServerDeps, "queue" | "changes" | "metrics" | "stopping" | "log">,
): Promise<void> {
  const { queue, changes, metrics, stopping, log } = deps;
  let position: number | undefined;
  for await (const _ of changes(stopping)) {
    try {
      position ??= await queue.lastEventSeq();
      for (;;) {
        const events = await queue.readEvents({ after: position });
        for (const { seq, type, taskId, attempt } of events) {
          if (type === "AttemptFinished" && attempt !== null) {
            const task = await queue.getTask(taskId);
            if (task) metrics.attempt(task, attempt);
          }
          // With each: what is tried again counts nothing twice.
          position = seq;
        }
        if (events.length === 0 || stopping.aborted) break;
      }
    } catch (error) {
      // The next hint tries again from the same place.
      log.warn({ error: String(error) }, "attempts were not counted");
    }
  }
}
