import type { ArtifactStream } from "@keruta/runner/artifacts";

export interface BodyStream extends ArtifactStream {
  /** Ends it short, as a broken connection would. */
  cut(): void;
}

/** A sender that says nothing for so long has gone, whatever its connection looks like. */
const stallLimit = 60_000;

/** A request's body as one run of the sender. The request's answer is the acknowledgement. */
export function createBodyStream(body: ReadableStream<Uint8Array>): BodyStream {
  const reader = body.getReader();
  const cut = () => {
    // The connection may be broken already, which is as good.
    reader.cancel().catch(() => undefined);
  };
  async function* read(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const timer = setTimeout(cut, stallLimit);
      const { done, value } = await reader.read().finally(() => {
        clearTimeout(timer);
      });
      if (done) return;
      yield value;
    }
  }
  const nothing = () => Promise.resolve();
  return { bytes: read(), acknowledge: nothing, close: nothing, cut };
}
