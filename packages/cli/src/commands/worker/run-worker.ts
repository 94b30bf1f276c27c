import { keepHeapSmall, sharedCancelWishes } from "@keruta/runner/stages";
import { createWorker, type Worker } from "@keruta/server/worker";
import { driveAttempt } from "../../driving/drive-attempt.ts";
import { untilThere } from "../../context/until-there.ts";
import { sweepOnce } from "../../driving/sweep-once.ts";
import { createReach } from "./reach.ts";
import { createReport } from "./report.ts";
import { sayWhatWaits } from "./say-what-waits.ts";
import { startUpkeep } from "./start-upkeep.ts";
import type { WorkerCommandOptions } from "./worker.ts";

/** Drives the queue's tasks until it is told to stop, or there is none that can run. */
export async function runWorker(options: WorkerCommandOptions): Promise<void> {
  const { context, untilEmpty, runner, format } = options;
  const { machine, clock, random, user } = context;
  context.trustsDirectory = true;
  keepHeapSmall();
  const queue = await untilThere(context, () => context.openQueue());
  const settings = await untilThere(context, () => context.settings());
  const reach = createReach({ context, queue, forced: runner });
  const report = createReport({ context, queue, format, place: reach.place });
  const cancelWishes = sharedCancelWishes(queue, machine.timers);
  const sweep = sweepOnce(context, queue);
  const worker = createWorker({
    queue,
    untilEmpty,
    report,
    clock,
    user,
    timers: machine.timers,
    concurrency: options.concurrency ?? settings.get("keruta.worker.concurrency"),
    random: () => Buffer.from(random(4)).readUInt32LE() / 2 ** 32,
    reach: reach.terms,
    async drive(claim, signals) {
      const observer = report.observe(claim);
      if (claim.attempt.runner === "local") await sweep(observer);
      const connection = await reach.connection();
      return driveAttempt({ context, queue, connection, observer, cancelWishes, ...signals }, claim);
    },
  });
  // What runs until there is nothing more to run leaves the keeping to who stays.
  const upkeep = untilEmpty || options.isWithinServer ? null : await startUpkeep(context);
  const unlisten = obeySignals(options, worker);
  try {
    const { how, failed } = await worker.run();
    if (how === "empty") await sayWhatWaits({ context, queue, format, failed });
    if (how === "empty" && failed > 0) context.exitCode = 1;
  } finally {
    unlisten();
    await upkeep?.stop();
    await report.flush();
    const requests = Array.from(reach.requests(), ([operation, count]) => `${operation} ${String(count)}`);
    if (requests.length > 0) {
      const list = requests.join(", ");
      await context.explain({ en: `API requests: ${list}`, ja: `API リクエスト: ${list}` });
    }
    await reach.close();
  }
}

/** The first drains, the second or the grace's end hands over; a third finds nobody listening and ends the process. */
function obeySignals({ context, grace }: WorkerCommandOptions, worker: Worker): () => void {
  const { signals, machine } = context;
  let isDraining = false;
  const handOver = () => {
    unlisten();
    worker.handOver();
  };
  const stops = (["SIGINT", "SIGTERM", "SIGHUP"] as const).map((name) =>
    signals.on(name, () => {
      if (isDraining) return handOver();
      isDraining = true;
      worker.drain();
      if (grace !== undefined) stops.push(machine.timers.after(grace, handOver));
    }),
  );
  const unlisten = () => {
    for (const stop of stops) stop();
  };
  return unlisten;
}
