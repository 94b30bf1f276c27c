const lineFeed = 0x0a;

/** A Job's object is at most 1.5 MiB in etcd; beyond this it is no watch. */
const maxLineBytes = 64 * 1024 * 1024;

/** The stream ended inside a line, or a line was no JSON: what follows cannot be trusted. */
export class BrokenLine extends Error {
  override readonly name = "BrokenLine";
}

/** One JSON value a line, however the bytes are cut into chunks. Throws BrokenLine. */
export async function* readJsonLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<unknown, void> {
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  for await (const chunk of bytes) {
    let start = 0;
    for (let end = chunk.indexOf(lineFeed); end !== -1; end = chunk.indexOf(lineFeed, start)) {
      const line = Buffer.concat([...held, chunk.subarray(start, end)]);
      held = [];
      heldBytes = 0;
      start = end + 1;
      if (line.length > 0) yield parseLine(line);
    }
    if (start === chunk.length) continue;
    held.push(chunk.subarray(start));
    heldBytes += chunk.length - start;
    if (heldBytes > maxLineBytes) throw new BrokenLine(`a line of more than ${String(maxLineBytes)} bytes`);
  }
  if (heldBytes > 0) throw new BrokenLine(`the stream ended after ${String(heldBytes)} bytes of a line`);
}

function parseLine(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString("utf8")) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) throw new BrokenLine("a line is no JSON", { cause: error });
    throw error;
  }
}
