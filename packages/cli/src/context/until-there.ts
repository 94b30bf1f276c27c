import { mayRetry, type KerutaError } from "@keruta/shared/domain";
import { backOff } from "@keruta/server/worker";
import type { Context } from "./context.ts";
import type { Machine } from "./machine.ts";

interface Surroundings extends Pick<Context, "complain" | "notify" | "random"> {
  readonly machine: Pick<Machine, "timers">;
}

/** Does what needs the queue's database when that is there: a server and a worker may be started before it. */
export async function untilThere<T>(context: Surroundings, work: () => Promise<T>): Promise<T> {
  for (let failures = 0; ;) {
    try {
      const result = await work();
      if (failures > 0) await context.notify({ en: "the queue is there", ja: "キューに接続しました" });
      return result;
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
