import type { Language, Settings, Text } from "@keruta/shared/domain";
import type { Queue, ServerStore } from "@keruta/shared/queue";
import type { GlobalOptions } from "./globals.ts";
import type { Machine } from "./machine.ts";
import type { Io } from "../io/io.ts";
import type { Paths } from "./paths.ts";
import type { Signals } from "./signals.ts";

/** All that a command may know of its surroundings. What costs something is a function and made on first use. */
export interface Context {
  readonly io: Io;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  /** That many random bytes. */
  readonly random: (bytes: number) => Uint8Array;
  readonly version: string;
  /** Where relative paths of the command line begin. */
  readonly directory: string;
  readonly home: string;
  /** `user@host`: who adds, cancels, changes. */
  readonly user: string;
  readonly language: Language;
  readonly globals: GlobalOptions;
  readonly paths: Paths;
  readonly signals: Signals;
  readonly machine: Machine;
  /** What stood after `--`, for the commands that take a command. */
  trailing: readonly string[];
  /** `serve` and `worker` are started by whoever set them up: a new queue takes the working directory's properties. */
  trustsDirectory: boolean;
  /** What the process will exit with; commands that pass on a task's code set it. */
  exitCode: number;
  /** The same queue each time; closed when the command has ended. */
  readonly openQueue: () => Promise<Queue>;
  /** The queue with its accounts; KRT_DB_UNSUPPORTED where it is behind a server. The caller closes it. */
  readonly openStore: () => Promise<ServerStore>;
  readonly settings: () => Promise<Settings>;
  readonly translate: (text: Text) => string;
  /** A word to the user, on stderr; nothing with `-q`. */
  readonly notify: (text: Text) => Promise<void>;
  /** A word that `-q` leaves: of a task that failed. */
  readonly complain: (text: Text) => Promise<void>;
  /** A word that only `-v` shows. */
  readonly explain: (text: Text) => Promise<void>;
  /** Called when the command line was read; throws KRT_USAGE for options that exclude each other. */
  readonly configure: (globals: GlobalOptions) => void;
  readonly close: () => Promise<void>;
}
