import type { Readable, Writable } from "node:stream";

/** What the agent takes from its own process. */
export interface Host {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** The launcher's file, null where there is none (as under a Node of the machine). */
  readonly launcher: string | null;
  readonly pid: number;
  readonly platform: string;
  readonly arch: string;
  readonly directory: string;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly fetch: typeof fetch;
  readonly openInput: (fd: number) => Readable;
  readonly openOutput: (fd: number) => Writable;
  /** A line on stderr. */
  readonly complain: (line: string) => void;
  /** Text on stdout, for help. */
  readonly print: (text: string) => void;
  /** Signals a process, or a group where `pid` is negative; false where there is none. 0 only asks. */
  readonly signal: (pid: number, name: NodeJS.Signals | 0) => boolean;
  readonly setUmask: (mask: number) => void;
  readonly onSignal: (name: NodeJS.Signals, listener: () => void) => void;
}
