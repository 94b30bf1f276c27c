import { createHash, type Hash } from "node:crypto";
import { digestText, type LogEntry, type StreamDigest, type StreamName } from "@keruta/shared/domain";

const lineFeed = Buffer.from("\n");

export interface StoredDigest {
  add(entry: LogEntry): void;
  stream(name: StreamName): StreamDigest;
  /** Hex SHA-256 that stands for both streams. */
  sha256(): string;
}

/** Bytes and SHA-256 of each stream as it goes into the queue, to be held against the agent's report. */
export function createStoredDigest(): StoredDigest {
  const hashes: Readonly<Record<StreamName, Hash>> = {
    stdout: createHash("sha256"),
    stderr: createHash("sha256"),
  };
  const bytes = { stdout: 0, stderr: 0 };
  const stream = (name: StreamName): StreamDigest => ({
    bytes: bytes[name],
    sha256: hashes[name].copy().digest("hex"),
  });
  return {
    add(entry) {
      if (entry.kind !== "output") return;
      hashes[entry.stream].update(entry.bytes);
      if (entry.newline) hashes[entry.stream].update(lineFeed);
      bytes[entry.stream] += entry.bytes.length + (entry.newline ? 1 : 0);
    },
    stream,
    sha256: () =>
      createHash("sha256")
        .update(digestText(stream("stdout"), stream("stderr")))
        .digest("hex"),
  };
}
