import type { Queue } from "@keruta/shared/queue";
import type { Context } from "../context/context.ts";

/** Before a command's first local attempt: what drivers left that died after settling theirs. */
export function sweepOnce(context: Context, queue: Queue): () => Promise<void> {
  let swept: Promise<void> | undefined;
  const sweep = async () => {
    const { sweepRuns } = await import("@keruta/runner/local");
    const { runsDirectory } = await import("./local-runner-deps.ts");
    await sweepRuns(queue, runsDirectory(context, queue));
  };
  return () =>
    (swept ??= sweep().catch((error: unknown) => {
      swept = undefined;
      throw error;
    }));
}
