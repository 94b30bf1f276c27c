export interface StreamDigest {
  readonly bytes: number;
  /** Hex SHA-256 of the stream's bytes, LF included, after masking. */
  readonly sha256: string;
}

/** The text whose SHA-256 stands for both streams in a result: agent and driver must agree on it. */
export function digestText(stdout: StreamDigest, stderr: StreamDigest): string {
  const line = (name: string, digest: StreamDigest) => `${name} ${String(digest.bytes)} ${digest.sha256}\n`;
  return line("stdout", stdout) + line("stderr", stderr);
}
