import type { ColorLevel, Io, Sink, Source } from "./io.ts";

export interface TestIo extends Io {
  readonly stdout: TestSink;
  readonly stderr: TestSink;
  /** What a command reads from standard input. */
  input: string;
  readonly stdin: Source & { isTTY: boolean };
}

interface TestSink extends Sink {
  isTTY: boolean;
  columns: number;
  colorLevel: ColorLevel;
  /** Everything written so far. */
  readonly bytes: () => Uint8Array;
  readonly text: () => string;
  /** The next write throws this. */
  failure: Error | undefined;
}

/** Streams in memory: no terminal, unless a test says so. */
export function testIo(): TestIo {
  const io: TestIo = {
    input: "",
    stdin: {
      isTTY: false,
      async *chunks() {
        yield Buffer.from(io.input);
      },
      withoutEcho(use) {
        const lines = io.input.split("\n").slice(0, -1);
        return use(async () => lines.shift());
      },
    },
    stdout: testSink(),
    stderr: testSink(),
  };
  return io;
}

function testSink(): TestSink {
  const chunks: Uint8Array[] = [];
  const sink: TestSink = {
    isTTY: false,
    columns: Number.POSITIVE_INFINITY,
    colorLevel: 0,
    failure: undefined,
    bytes: () => Buffer.concat(chunks),
    text: () => Buffer.concat(chunks).toString(),
    async write(data) {
      if (sink.failure) throw sink.failure;
      chunks.push(Buffer.from(data as Uint8Array));
    },
  };
  return sink;
}
