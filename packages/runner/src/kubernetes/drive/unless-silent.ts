import { KerutaError } from "@keruta/shared/domain";
import type { Timers } from "../../stages/timers.ts";

export interface Silence {
  /** Of waiting for the other side; what the reader takes for itself does not count. */
  readonly milliseconds: number;
  /** Silence counts from its abort on; without it, from the beginning. */
  readonly since?: AbortSignal;
  readonly stop: AbortSignal;
}

type Bytes = AsyncIterable<Uint8Array>;

/**
 * The bytes of what `open` opens. Throws KRT_CLUSTER_CUT where none come for so long: a connection that a proxy or a
 * firewall forgot brings nothing more, and says nothing of it.
 */
export async function* unlessSilent(
  { timers }: { readonly timers: Pick<Timers, "after"> },
  { milliseconds, since, stop }: Silence,
  open: (signal: AbortSignal) => Bytes | Promise<Bytes>,
): AsyncGenerator<Uint8Array, void> {
  const cut = new AbortController();
  let isWaiting = true;
  let disarm = () => {};
  const arm = () => {
    disarm();
    if (!isWaiting || since?.aborted === false) return;
    disarm = timers.after(milliseconds, () => {
      cut.abort(silent(milliseconds / 1000));
    });
  };
  since?.addEventListener("abort", arm, { once: true });
  try {
    arm();
    for await (const chunk of await open(AbortSignal.any([stop, cut.signal]))) {
      isWaiting = false;
      disarm();
      yield chunk;
      isWaiting = true;
      arm();
    }
  } finally {
    isWaiting = false;
    disarm();
    since?.removeEventListener("abort", arm);
  }
}

function silent(seconds: number): KerutaError {
  return new KerutaError(
    "KRT_CLUSTER_CUT",
    {
      en: `The cluster sent nothing for ${String(seconds)} s, and the connection was given up.`,
      ja: `クラスターから ${String(seconds)} 秒間何も届かないため、接続を打ち切りました。`,
    },
    {
      hint: {
        en: "If this happens again and again, look for a proxy or firewall between here and the cluster that ends idle connections.",
        ja: "繰り返し発生する場合は、無通信の接続を切断するプロキシやファイアウォールが間にないか確認してください。",
      },
    },
  );
}
