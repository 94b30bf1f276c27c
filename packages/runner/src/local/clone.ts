import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { PreparationFailure } from "@keruta/shared/domain";
import { spawnHelper } from "./agent-helper.ts";
import type { LocalRunnerDeps } from "./deps.ts";
import type { PlannedRepository } from "./plan-local.ts";
import { listSecretKeys, readSecret } from "./secrets.ts";

export interface CloneInput {
  readonly repository: PlannedRepository;
  readonly workspace: string;
  readonly cancel: AbortSignal;
}

/** Clones with the code that the init container runs on a cluster; null when all went well. */
export async function cloneRepository(
  deps: LocalRunnerDeps,
  input: CloneInput,
): Promise<PreparationFailure | null> {
  const { repository, workspace, cancel } = input;
  const args = ["clone", "--url", repository.url, "--path", workspace, "--depth", String(repository.depth)];
  if (repository.ref !== null) args.push("--ref", repository.ref);
  if (repository.submodules) args.push("--submodules");
  if (repository.clean) args.push("--clean");
  if (repository.secret !== null) args.push("--secret-dir", await checkedSecret(deps, repository.secret));

  const helper = spawnHelper(deps, args);
  const stop = () => {
    helper.stop();
  };
  cancel.addEventListener("abort", stop);
  try {
    const [outcome, end] = await Promise.all([text(helper.stdout), helper.ended]);
    return end.code === 0 ? null : failureOf(outcome, end.words);
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

function failureOf(outcome: string, words: string): PreparationFailure {
  const reason = "CloneFailed";
  const last = outcome.trim().split("\n").at(-1) ?? "";
  try {
    const { category, message } = JSON.parse(last) as { category?: unknown; message?: unknown };
    if ((category === "start" || category === "task-definition") && typeof message === "string") {
      return { reason, category, message };
    }
  } catch {
    // It did not get as far as an outcome, so its own words are all there is.
  }
  return {
    reason,
    category: "start",
    message: words === "" ? "The clone ended without a word." : words.slice(-500),
  };
}
