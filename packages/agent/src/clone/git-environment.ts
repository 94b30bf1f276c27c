import { dirname } from "node:path";
import type { PrivateDirectory } from "./private-directory.ts";
import type { Source } from "./source.ts";

/** Of the surroundings only these reach git: variables like GIT_DIR would send it to another repository. */
const passedOn = [
  "PATH",
  "USER",
  "LOGNAME",
  "TMPDIR",
  "SSH_AUTH_SOCK",
  "http_proxy",
  "https_proxy",
  "HTTPS_PROXY",
  "all_proxy",
  "ALL_PROXY",
  "no_proxy",
  "NO_PROXY",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "CURL_CA_BUNDLE",
  "GIT_SSL_CAINFO",
];

/** They stand above a kept repository's own configuration, which a task may have written. */
const configuration = {
  "credential.helper": "",
  "core.hooksPath": "/dev/null",
  "core.fsmonitor": "false",
  // Housekeeping in the background would still write when the command starts.
  "gc.autoDetach": "false",
  "maintenance.autoDetach": "false",
  "advice.detachedHead": "false",
  "init.defaultBranch": "main",
  // A server that sends nothing at all for two minutes is gone; git's own keep-alives come every 5 seconds.
  "http.lowSpeedLimit": "1",
  "http.lowSpeedTime": "120",
};

export interface EnvironmentParts {
  readonly surroundings: Readonly<Record<string, string | undefined>>;
  readonly source: Source;
  readonly privately: PrivateDirectory;
  /** Real path of the clone. */
  readonly directory: string;
}

export function gitEnvironment({
  surroundings,
  source,
  privately,
  directory,
}: EnvironmentParts): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const name of passedOn) {
    const value = surroundings[name];
    if (value !== undefined) environment[name] = value;
  }
  Object.assign(environment, {
    HOME: privately.path,
    // The words of git and its helpers are matched and quoted.
    LC_ALL: "C",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: `${privately.path}/.gitconfig`,
    GIT_TEMPLATE_DIR: "",
    GIT_TERMINAL_PROMPT: "0",
    // A submodule of a repository from elsewhere must not read this machine's.
    GIT_ALLOW_PROTOCOL: source.transport === "local" ? "http:https:ssh:file" : "http:https:ssh",
    // A directory that is not yet a repository must not be taken for a part of one around it.
    GIT_CEILING_DIRECTORIES: dirname(directory),
    GIT_SSH_COMMAND: sshCommand(privately, surroundings["HOME"]),
    GIT_SSH_VARIANT: "ssh",
  });
  if (privately.askpass !== null) environment["GIT_ASKPASS"] = privately.askpass;
  const entries = Object.entries(configuration);
  environment["GIT_CONFIG_COUNT"] = String(entries.length);
  for (const [index, [key, value]] of entries.entries()) {
    environment[`GIT_CONFIG_KEY_${String(index)}`] = key;
    environment[`GIT_CONFIG_VALUE_${String(index)}`] = value;
  }
  return environment;
}

/** Without keys of its own the clone goes as the user's ssh goes: their agent, keys, aliases and known hosts. */
function sshCommand({ sshConfig }: PrivateDirectory, home: string | undefined): string {
  if (sshConfig !== null) return `ssh -F ${quoted(sshConfig)}`;
  const own = home === undefined ? "" : `HOME=${quoted(home)} `;
  return `${own}ssh -o BatchMode=yes -o ControlMaster=no -o ConnectTimeout=30 -o ServerAliveInterval=15`;
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
