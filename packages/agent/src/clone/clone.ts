import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { describeDuration, KerutaError } from "@keruta/shared/domain";
import { isSystemError } from "../host/system-error.ts";
import { checkOut, initRepository, removeUntracked, updateSubmodules } from "./checkout.ts";
import { cleanConfiguration } from "./clean-configuration.ts";
import { fetchTarget } from "./fetch-target.ts";
import { findTarget } from "./find-target.ts";
import { createGit, type Git } from "./git.ts";
import { gitEnvironment } from "./git-environment.ts";
import { createSecretHider } from "./hide-secrets.ts";
import { removeLeftovers } from "./leftovers.ts";
import { lockDirectory } from "./lock.ts";
import { CloneError, shorten, type CloneCategory, type CloneOutcome } from "./outcome.ts";
import { createPrivateDirectory } from "./private-directory.ts";
import { parseRef, type Ref } from "./ref.ts";
import { retryNetwork } from "./retry.ts";
import { loginOfUrl, readSecrets, type Secrets } from "./secret-files.ts";
import { parseSource, type Login, type Source } from "./source.ts";
import { openDirectory, otherRepository, readContent, readRecord, writeRecord } from "./workspace-state.ts";

export interface CloneRequest {
  readonly url: string;
  /** Branch, tag, commit id or `refs/…`; absent: the default branch. */
  readonly ref?: string | undefined;
  /** Commits of history; 0 is all of it. */
  readonly depth: number;
  readonly path: string;
  readonly submodules: boolean;
  /** Also remove untracked files from a clone that is there already. */
  readonly clean: boolean;
  /** Directory with a file for each key of the repository's secret. */
  readonly secretDirectory?: string | undefined;
  /** Milliseconds for everything. */
  readonly timeout: number;
  readonly allowLocal: boolean;
}

export interface CloneDependencies {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly pid: number;
  readonly platform: string;
  readonly temporaryDirectory: string;
  readonly clock: () => number;
  /** Rejects with the signal's reason once it is aborted. */
  readonly wait: (milliseconds: number, stop: AbortSignal) => Promise<void>;
  /** Throws ESRCH where there is no such process; a negative pid is a group. */
  readonly kill: (pid: number, signal: "SIGTERM" | "SIGKILL") => void;
  /** What the user should see while it goes on: progress, warnings, git's words. Free of secrets. */
  readonly onLine: (line: string) => void;
  readonly stop: AbortSignal;
}

interface Access {
  readonly source: Source;
  readonly ref: Ref;
  readonly secrets: Secrets | null;
  readonly login: Login | null;
  readonly hide: (text: string) => string;
}

/** Makes `path` a clone at the wanted commit, whatever of it was there before. Whatever a user can mend is a value. */
export async function cloneRepository(request: CloneRequest, deps: CloneDependencies): Promise<CloneOutcome> {
  const timeout = AbortSignal.timeout(Math.min(request.timeout, 2 ** 31 - 1));
  const stop = AbortSignal.any([deps.stop, timeout]);
  try {
    const access = await readAccess(request, deps.onLine);
    return { failed: false, commit: await cloneInto(request, access, { ...deps, stop }) };
  } catch (error) {
    if (error instanceof CloneError && !stop.aborted) return error.failure;
    if (stop.aborted) return stoppedOutcome(timeout.aborted, request.timeout);
    if (error instanceof KerutaError) return failureOf(error);
    if (isSystemError(error)) return failure("start", `The clone failed on this machine: ${error.message}.`);
    throw error;
  }
}

async function readAccess(request: CloneRequest, onLine: (line: string) => void): Promise<Access> {
  const source = parseSource(request.url, request);
  const ref = parseRef(request.ref);
  const secrets = request.secretDirectory === undefined ? null : await readSecrets(request.secretDirectory);
  const fromUrl = source.login === null ? null : loginOfUrl(source.login);
  const login = secrets?.login ?? fromUrl;
  if (fromUrl !== null) {
    onLine(
      "keruta: The repository's URL has credentials in it; they are used and kept nowhere. Put them into repository.secret.",
    );
  }
  if (login !== null && source.url.startsWith("http:")) {
    onLine("keruta: The repository's credentials travel unencrypted over http; use https.");
  }
  if (source.transport === "ssh" && secrets !== null) {
    if (secrets.privateKey === null)
      onLine("keruta: The repository's secret has no ssh-privatekey, which an ssh URL needs.");
    if (secrets.knownHosts === null) {
      onLine("keruta: The repository's secret has no known_hosts; the server's key is accepted unchecked.");
    }
  }
  const hide = createSecretHider([login?.password, fromUrl?.password].filter((value) => value !== undefined));
  return { source, ref, secrets, login, hide };
}

async function cloneInto(request: CloneRequest, access: Access, deps: CloneDependencies): Promise<string> {
  const { source } = access;
  const directory = await openDirectory(request.path);
  await readContent(directory);
  const gitDirectory = join(directory, ".git");
  await mkdir(gitDirectory, { recursive: true });
  await using lock = await lockDirectory(gitDirectory, deps);
  await using privately = await createPrivateDirectory(deps.temporaryDirectory, access);
  const environment = gitEnvironment({ surroundings: deps.environment, source, privately, directory });
  const git = createGit({
    ...deps,
    environment,
    directory,
    hide: access.hide,
    onStart: (pid) => lock.noteGroup(pid),
  });

  await adopt({ directory, gitDirectory, source, git, onLine: deps.onLine });
  await writeRecord(directory, { url: source.url, commit: null });
  await initRepository(git, directory, source.url);
  const target = await retryNetwork(() => findTarget(git, source.url, access.ref), deps);
  const commit = await retryNetwork(
    () => fetchTarget({ ...request, git, target, onLine: deps.onLine }),
    deps,
  );
  await checkOut(git, target, commit);
  if (request.submodules) await retryNetwork(() => updateSubmodules(git, request.depth), deps);
  if (request.clean) await removeUntracked(git, request.submodules);
  await writeRecord(directory, { url: source.url, commit });
  return commit;
}

interface Adoption {
  readonly directory: string;
  readonly gitDirectory: string;
  readonly source: Source;
  readonly git: Git;
  readonly onLine: (line: string) => void;
}

/** Makes sure that what is there is a clone of the same URL, and that git can work in it. */
async function adopt({ directory, gitDirectory, source, git, onLine }: Adoption): Promise<void> {
  // Again, now under the lock.
  const content = await readContent(directory);
  if (content.git === null || content.git.length === 0) return;
  const config = join(gitDirectory, "config");
  const asked = await git.ask(["config", "--file", config, "--no-includes", "--get", "remote.origin.url"]);
  const record = await readRecord(directory);
  const found = record?.url ?? asked.stdout.trim();
  if (!isSame(found, source)) {
    const isUnused = record?.commit === null && content.files.length === 0;
    if (!isUnused) throw otherRepository(directory, withoutCredentials(found));
    // What a mistyped URL left: nothing was ever checked out.
    await Promise.all(content.git.map((name) => rm(join(gitDirectory, name), { recursive: true })));
    return;
  }
  for (const path of await removeLeftovers(gitDirectory)) {
    onLine(`keruta: Removed ${path}, which a killed git left.`);
  }
  const dropped = await cleanConfiguration(gitDirectory, git);
  if (dropped.length > 0) {
    onLine(`keruta: Removed from the clone's configuration what could run programs: ${dropped.join(", ")}.`);
  }
}

function isSame(url: string, source: Source): boolean {
  try {
    return parseSource(url, { allowLocal: true }).identity === source.identity;
  } catch (error) {
    if (error instanceof KerutaError) return false;
    throw error;
  }
}

function withoutCredentials(url: string): string {
  return url === "" ? "a repository without a remote" : url.replace(/^([a-z+]+:\/\/)[^/]*@/i, "$1");
}

function stoppedOutcome(timedOut: boolean, timeout: number): CloneOutcome {
  const why = timedOut ? `it was not done after ${describeDuration(timeout)}` : "it was told to stop";
  return { ...failure("start", `The clone was stopped: ${why}.`), stopped: timedOut ? "timeout" : "stop" };
}

function failureOf(error: KerutaError): CloneOutcome {
  const hint = error.hint === undefined ? "" : ` ${error.hint.en}`;
  const category = error.code === "KRT_WORKSPACE" && error.cause !== undefined ? "start" : "task-definition";
  return failure(category, `${error.text.en}${hint}`);
}

function failure(category: CloneCategory, message: string) {
  return { failed: true, category, message: shorten(message), exitCode: null, stopped: null } as const;
}
