import { createHash } from "node:crypto";
import {
  createByteBuffer,
  digestText,
  type LogEntry,
  type OutputEntry,
  type StreamDigest,
  type StreamName,
} from "@keruta/shared/domain";

const lineFeed = 0x0a;

export interface StoredDigest {
  add(entry: LogEntry): void;
  stream(name: StreamName): StreamDigest;
  /** Hex SHA-256 that stands for both streams. */
  sha256(): string;
}

/** Lines are short: a call of the hash for each costs more than the hash. */
const gatheredBytes = 64 * 1024;

/** Bytes and SHA-256 of each stream as it goes into the queue, to be held against the agent's report. */
export function createStoredDigest(): StoredDigest {
  const streams = { stdout: createStreamHash(), stderr: createStreamHash() };
  const stream = (name: StreamName): StreamDigest => streams[name].digest();
  return {
    add(entry) {
      if (entry.kind === "output") streams[entry.stream].add(entry);
    },
    stream,
    sha256: () =>
      createHash("sha256")
        .update(digestText(stream("stdout"), stream("stderr")))
        .digest("hex"),
  };
}

function createStreamHash() {
  const hash = createHash("sha256");
  const gathered = createByteBuffer();
  let bytes = 0;
  const flush = (): void => {
    hash.update(gathered.bytes.subarray(0, gathered.length));
    gathered.cut(0);
  };
  return {
    add(entry: OutputEntry): void {
      gathered.add(entry.bytes);
      if (entry.newline) gathered.addByte(lineFeed);
      bytes += entry.bytes.length + (entry.newline ? 1 : 0);
      if (gathered.length >= gatheredBytes) flush();
    },
    digest(): StreamDigest {
      flush();
      return { bytes, sha256: hash.copy().digest("hex") };
    },
  };
}
