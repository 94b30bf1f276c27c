import type { AttemptObserver } from "@keruta/runner/stages";
import type { Queue } from "@keruta/shared/queue";
import type { Context } from "../context/context.ts";

/** Before a command's first local attempt: what drivers left that died after settling theirs. */
export function sweepOnce(
  context: Context,
  queue: Queue,
): (observer: Pick<AttemptObserver, "notice">) => Promise<void> {
  let swept: Promise<void> | undefined;
  const sweep = async (observer: Pick<AttemptObserver, "notice">) => {
    const { sweepRuns } = await import("@keruta/runner/local");
    const { runsDirectory } = await import("./local-runner-deps.ts");
    await sweepRuns(queue, runsDirectory(context, queue), observer);
  };
  return (observer) =>
    (swept ??= sweep(observer).catch((error: unknown) => {
      swept = undefined;
      throw error;
    }));
}
