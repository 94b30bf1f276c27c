interface BodyOptions {
  /** What was taken of the pieces already. */
  readonly first?: IteratorResult<Uint8Array, void>;
  /** Ends the connection. */
  readonly cut: () => void;
  readonly onFailure: (error: unknown) => void;
}

/**
 * Pieces as the body of an answer. Where they fail the connection is cut: an answer that ends in the usual way would
 * be taken for the whole. When the caller goes they end.
 */
export function bodyOf(
  pieces: AsyncGenerator<Uint8Array, void>,
  { first, cut, onFailure }: BodyOptions,
): ReadableStream<Uint8Array> {
  let taken = first;
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const { done, value } = taken ?? (await pieces.next());
          taken = undefined;
          if (done === true) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          onFailure(error);
          cut();
        }
      },
      async cancel() {
        await pieces.return();
      },
    },
    // Nothing is read ahead: what was taken before a failure has been written.
    { highWaterMark: 0 },
  );
}
