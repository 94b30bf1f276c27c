import { receiveArtifacts, type ArtifactLimits, type ReceivedArtifacts } from "@keruta/runner/artifacts";
import { createBodyStream, type BodyStream } from "./body-stream.ts";

/** Where the next stream must begin: after so many whole files, and so many bytes into the next. */
export interface Place {
  readonly from: number;
  readonly offset: number;
}

/** One attempt's artifacts on their way in, over as many requests as it takes. */
export interface Reception {
  /** Cuts a stream that is still read, and tells where the next one begins; undefined where all is over. */
  next(): Promise<Place | undefined>;
  /** Reads a stream to its end. `unexpected`: it begins elsewhere, and nothing of it was read. */
  take(place: Place, body: ReadableStream<Uint8Array>): Promise<"over" | "cut" | "unexpected">;
  /** undefined where it was left: no stream came for too long, the server stops, or another server receives now. */
  readonly outcome: Promise<ReceivedArtifacts | undefined>;
}

export interface ReceptionOptions {
  /** Where the artifacts will be. */
  readonly directory: string;
  /** The uid of the queue whose task it is. */
  readonly owner: string;
  readonly limits: ArtifactLimits;
  readonly random: (bytes: number) => Uint8Array;
  readonly stopping: AbortSignal;
  /** Milliseconds that what has come is kept for a sender that was cut. */
  readonly idleLimit: number;
}

export function createReception({ idleLimit, stopping, ...options }: ReceptionOptions): Reception {
  const left = new AbortController();
  const signal = AbortSignal.any([stopping, left.signal]);
  let waiting: { readonly place: Place; readonly deliver: (stream: BodyStream) => void } | undefined;
  let isWaiting = Promise.withResolvers<"cut">();
  let current: BodyStream | undefined;

  const open = async (from: number, offset: number): Promise<BodyStream> => {
    const { promise, resolve } = Promise.withResolvers<BodyStream>();
    waiting = { place: { from, offset }, deliver: resolve };
    isWaiting.resolve("cut");
    const timer = setTimeout(() => {
      left.abort(new Error("no stream came"));
    }, idleLimit);
    const stop = () => {
      clearTimeout(timer);
      waiting = undefined;
    };
    signal.addEventListener("abort", stop, { once: true });
    current = await promise;
    signal.removeEventListener("abort", stop);
    stop();
    return current;
  };
  // How often it comes again is the sender's to say, and its time is bounded.
  const outcome = receiveArtifacts({ ...options, open, signal, fruitlessRuns: Infinity }).then((received) => {
    // A sender that comes again finds nothing said of what was left half-way.
    const isLeft = received.status === "Failed" && (signal.aborted || received.isDisplaced);
    return isLeft ? undefined : received;
  });
  const over = (): "over" => "over";
  // What went wrong is for the owner of `outcome`.
  const ended = outcome.then(over, over);

  return {
    outcome,
    async next() {
      current?.cut();
      await Promise.race([isWaiting.promise, ended]);
      return waiting?.place;
    },
    async take({ from, offset }, body) {
      if (waiting?.place.from !== from || waiting.place.offset !== offset) return "unexpected";
      const { deliver } = waiting;
      waiting = undefined;
      isWaiting = Promise.withResolvers();
      deliver(createBodyStream(body));
      return Promise.race([isWaiting.promise, ended]);
    },
  };
}
