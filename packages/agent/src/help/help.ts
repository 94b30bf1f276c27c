import type { ParseArgsConfig } from "node:util";
import { cloneOptionTable } from "../clone/clone-arguments.ts";
import { collectedOptionTable, collectOptionTable } from "../arguments/collect-arguments.ts";
import { installOptionTable } from "../arguments/install-arguments.ts";
import { runOptionTable } from "../arguments/run-arguments.ts";
import { runDirectoryOptionTable, spoolOptionTable } from "../arguments/run-directory-arguments.ts";
import { sidecarOptionTable } from "../arguments/sidecar-arguments.ts";

type Table = NonNullable<ParseArgsConfig["options"]>;
/** What stands for the value, empty for a switch, and what the option is for. */
type Words<Options extends Table> = Readonly<Record<keyof Options, readonly [value: string, what: string]>>;

interface Help {
  readonly usage: string;
  readonly what: string;
  readonly options: Table;
  readonly words: Words<Table>;
}

const runDirectory = { "run-dir": ["DIR", "the run directory of the attempt"] } as const;

const collected: Words<typeof collectedOptionTable> = {
  "artifacts-dir": ["DIR", "all files in it are artifacts"],
  artifact: ["GLOB", "files that are artifacts; may be repeated"],
  volume: ["DIR", "a directory besides the workspace that the sidecar sees too; may be repeated"],
  "max-bytes": ["SIZE", "of one file"],
  "max-total-bytes": ["SIZE", "of all files"],
};

const collect: Words<typeof collectOptionTable> = {
  ...collected,
  "volume-at": ["DIR=PATH", "a volume that is DIR here and PATH for the command; may be repeated"],
  ...runDirectory,
  workspace: ["DIR", "the workspace; relative patterns are meant from it on"],
  from: ["COUNT", "files that the receiver has already"],
  offset: ["BYTES", "bytes of the next file that the receiver has already"],
};

/** Typed by the tables that parse: an option without words, or words without an option, do not compile. */
const commands: Readonly<Record<string, Help>> = {
  run: helpOf(
    "run --task-id ID [options] [-- COMMAND…]",
    "Runs a task's command, passes its output on, reports how it ended, and exits with its code.",
    runOptionTable,
    {
      ...collected,
      ...runDirectory,
      "task-id": ["ID", "the task; needed"],
      "api-url": ["URL", "the server that is told of it (KERUTA_API_URL)"],
      attempt: ["NUMBER", "the attempt (KERUTA_ATTEMPT, else 1)"],
      "report-wait": ["DURATION", "after the command's end, for what the server was not told yet"],
      workspace: ["DIR", "the command's working directory"],
      timeout: ["DURATION", "from the command's first start, all restarts together"],
      grace: ["DURATION", "between SIGTERM and SIGKILL"],
      "restart-policy": ["POLICY", "Never or OnFailure"],
      restarts: ["COUNT", "of OnFailure: after 10 s, doubled up to 5 min"],
      "mask-env": ["NAME", "a variable whose value becomes *** in the output; may be repeated"],
      "control-fd": ["NUMBER", "file descriptor of the driver's channel"],
      "control-lines": ["on|off", "whether ::keruta: lines are taken out of the output"],
      "spool-bytes": ["SIZE", "bound of the spool"],
      "termination-message": ["FILE", "where the report is written too"],
      "bin-dir": ["DIR", "appended to the command's PATH"],
    },
  ),
  collect: helpOf(
    "collect --workspace DIR [options]",
    "Writes artifacts to stdout as one tar stream with a trailer of digests, then waits for the line `ok` on stdin.",
    collectOptionTable,
    collect,
  ),
  clone: helpOf(
    "clone --url URL --path DIR [options]",
    "Makes DIR a clone of a git repository, or updates the one that is there; prints the commit.",
    cloneOptionTable,
    {
      url: ["URL", "https, ssh, git@host:path, file or an absolute path; needed"],
      ref: ["REF", "branch, tag or commit; without: the default branch"],
      depth: ["COUNT", "commits of history; 0: all"],
      path: ["DIR", "where to; needed"],
      submodules: ["", "with submodules"],
      clean: ["", "remove what is not of the repository"],
      "secret-dir": ["DIR", "ssh-privatekey and known_hosts, username and password, or token"],
      "no-local": ["", "refuse paths and file URLs"],
      timeout: ["DURATION", "of all of it"],
      result: ["FILE", "where the outcome is written as JSON"],
    },
  ),
  install: helpOf(
    "install DIR [--run-dir DIR]",
    "Puts bin and lib of the agent into DIR; artifacts and task.json into the run directory.",
    installOptionTable,
    runDirectory,
  ),
  sidecar: helpOf(
    "sidecar [options]",
    "Keeps log and artifacts after the main container's end (SIGTERM), until a driver has them or the grace is over.",
    sidecarOptionTable,
    {
      ...collect,
      grace: ["DURATION", "how long a driver has for it"],
      unwrapped: ["", "the main container runs without an agent"],
      "install-to": [
        "DIR",
        "installs the agent there a second later, where the hook of this container has not",
      ],
      "upload-to": ["URL", "the server that the artifacts are uploaded to"],
      "task-id": ["ID", "of an upload"],
      attempt: ["NUMBER", "of an upload"],
    },
  ),
  stop: helpOf(
    "stop",
    "Stops the command as for a cancel; prints ok, or ended where it has ended.",
    runDirectoryOptionTable,
    runDirectory,
  ),
  spool: helpOf(
    "spool [--from SEQUENCE]",
    "Prints the whole frames of the log after SEQUENCE, as far as the spool goes now.",
    spoolOptionTable,
    { ...runDirectory, from: ["SEQUENCE", "the last entry that the reader has"] },
  ),
  result: helpOf(
    "result",
    "Prints the agent's report; exits with 3 where there is none.",
    runDirectoryOptionTable,
    runDirectory,
  ),
  acknowledge: helpOf(
    "acknowledge",
    "Tells the sidecar that the driver has all that it wanted.",
    runDirectoryOptionTable,
    runDirectory,
  ),
};

export const commandNames: readonly string[] = Object.keys(commands);

/** Of one subcommand; undefined where there is none, or it takes no options. */
export function commandHelp(name: string): string | undefined {
  const help = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!help) return undefined;
  const rows = Object.entries(help.options).map(([option, { default: value }]) => {
    const [sample = "", what = ""] = help.words[option] ?? [];
    const shown =
      value === undefined || value === false || Array.isArray(value) ? "" : ` (default ${String(value)})`;
    return [`--${option}${sample === "" ? "" : ` ${sample}`}`, `${what}${shown}`] as const;
  });
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  const lines = rows.map(([left, right]) => `  ${left.padEnd(width)}${right}\n`);
  return `Usage: keruta-agent ${help.usage}\n\n${help.what}\n\nOptions:\n${lines.join("")}`;
}

function helpOf<Options extends Table>(
  usage: string,
  what: string,
  options: Options,
  words: Words<Options>,
): Help {
  return { usage, what, options, words };
}
