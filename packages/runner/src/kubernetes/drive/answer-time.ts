import { KerutaError } from "@keruta/shared/domain";
import type { Timers } from "../../stages/timers.ts";

/** Milliseconds that the agent in a sidecar has to take a word. */
const answerTime = 20_000;

/**
 * Gives up an exec whose runtime or agent hangs, which a connection that lives never tells: the signal aborts with
 * KRT_CLUSTER_CUT.
 */
export async function withinAnswerTime<T>(
  timers: Pick<Timers, "after">,
  tell: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController();
  const stop = timers.after(answerTime, () => {
    late.abort(noAnswer());
  });
  try {
    return await tell(late.signal);
  } finally {
    stop();
  }
}

function noAnswer(): KerutaError {
  const seconds = String(answerTime / 1000);
  return new KerutaError("KRT_CLUSTER_CUT", {
    en: `it has not answered within ${seconds} s`,
    ja: `${seconds} 秒以内に応答がありません`,
  });
}
