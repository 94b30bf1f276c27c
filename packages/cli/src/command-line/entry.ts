import type { Command } from "commander";
import type { Text } from "@keruta/shared/domain";
import type { Context } from "../context/context.ts";
import type { Example } from "./command.ts";

type CommandFactory = (context: Context) => Command;

/** A word of the command line. It is loaded only when the user types it: start-up pays for one command, not for all. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: Text;
  readonly heading?: Text;
  /** Exits with the task's own code: keruta's own failures are 125 there. */
  readonly passesOnExitCode?: boolean;
  /** Words after `--` are a command: they become `context.trailing`. */
  readonly takesCommand?: boolean;
  /** The full form of a short one: `task list` for `list`. */
  readonly shortFor?: string;
  readonly load?: () => Promise<CommandFactory>;
  readonly commands?: readonly CommandEntry[];
  /** Of a word that only holds others; a command that is loaded has its own. */
  readonly examples?: readonly Example[];
}
