import { mayRetry, type KerutaError } from "@keruta/shared/domain";
import type { Queue } from "@keruta/shared/queue";
import { backOff } from "@keruta/server/worker";
import type { Context } from "../../context/context.ts";
import type { Machine } from "../../context/machine.ts";

interface Surroundings extends Pick<Context, "openQueue" | "complain" | "notify" | "random"> {
  readonly machine: Pick<Machine, "timers">;
}

/** Opens the queue when its database is there: a worker may be started before it. */
export async function openPatiently(context: Surroundings): Promise<Queue> {
  for (let failures = 0; ;) {
    try {
      const queue = await context.openQueue();
      if (failures > 0) await context.notify({ en: "the queue is there", ja: "キューに接続しました" });
      return queue;
    } catch (error) {
      if (!mayRetry(error)) throw error;
      failures += 1;
      if (failures === 1) await context.complain(waiting(error as KerutaError));
      const wait = backOff(failures, Buffer.from(context.random(4)).readUInt32LE() / 2 ** 32);
      await new Promise<void>((resolve) => void context.machine.timers.after(wait, resolve));
    }
  }
}

function waiting({ text, code }: KerutaError): { en: string; ja: string } {
  return {
    en: `waiting for the queue: ${text.en} (${code})`,
    ja: `キューに接続できるまで待ちます: ${text.ja} (${code})`,
  };
}
