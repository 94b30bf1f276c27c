import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { PreparationFailure } from "@keruta/shared/domain";
import { spawnHelper } from "./agent-helper.ts";
import type { LocalRunnerDeps } from "./deps.ts";
import type { PlannedRepository } from "./plan-local.ts";
import type { RunDirectory } from "./run-directory.ts";
import { listSecretKeys, readSecret } from "./secrets.ts";

export interface CloneInput {
  readonly repository: PlannedRepository;
  readonly run: RunDirectory;
  readonly workspace: string;
  readonly cancel: AbortSignal;
}

/** Clones with the code that the init container runs on a cluster; null when all went well. */
export async function cloneRepository(
  deps: LocalRunnerDeps,
  input: CloneInput,
): Promise<PreparationFailure | null> {
  const { repository, run, workspace, cancel } = input;
  const result = join(run.root, "clone.json");
  const args = ["clone", "--url", repository.url, "--path", workspace, "--result", result];
  args.push("--depth", String(repository.depth));
  if (repository.ref !== null) args.push("--ref", repository.ref);
  if (repository.submodules) args.push("--submodules");
  if (repository.clean) args.push("--clean");
  if (repository.secret !== null) args.push("--secret-dir", await checkedSecret(deps, repository.secret));

  // A killed helper leaves its copy of a key in TMPDIR: there it goes with the attempt.
  const helper = spawnHelper(deps, args, { TMPDIR: run.root });
  helper.stdout.resume();
  const stop = () => {
    helper.stop();
  };
  cancel.addEventListener("abort", stop);
  try {
    const end = await helper.ended;
    return end.code === 0 ? null : await failureOf(result, end.words);
  } finally {
    cancel.removeEventListener("abort", stop);
  }
}

/** Each key must be there for its owner alone, as for a variable. */
async function checkedSecret({ paths }: LocalRunnerDeps, secret: string): Promise<string> {
  const keys = await listSecretKeys(paths.secrets, secret);
  for (const key of keys) await readSecret(paths.secrets, secret, key);
  return join(paths.secrets, secret);
}

async function failureOf(resultFile: string, words: string): Promise<PreparationFailure> {
  const reason = "CloneFailed";
  try {
    const outcome = JSON.parse(await readFile(resultFile, "utf8")) as {
      category?: unknown;
      message?: unknown;
    };
    const { category, message } = outcome;
    if ((category === "start" || category === "task-definition") && typeof message === "string") {
      return { reason, category, message };
    }
  } catch {
    // It did not get as far as a result, so its own words are all there is.
  }
  return {
    reason,
    category: "start",
    message: words === "" ? "The clone ended without a word." : words.slice(-500),
  };
}
