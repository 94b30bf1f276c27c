import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runFiles, type Secret } from "@keruta/shared/domain";
import type { RunOptions } from "../arguments/run-arguments.ts";
import type { Host } from "../host/host.ts";
import { createAttemptApi, type AttemptApi } from "./attempt-api.ts";
import { readToken, readTokenFile, tokenVariable } from "./credentials.ts";

export interface OpenedApi {
  /** null where nobody is told anything. */
  readonly api: AttemptApi | null;
  /** What must not leave in the command's output. */
  readonly secrets: readonly Secret[];
  readonly notes: string[];
}

/** The server that the options name. Without a token the command runs all the same, and the result says so. */
export async function openApi(
  { apiUrl, taskId, attempt }: Pick<RunOptions, "apiUrl" | "taskId" | "attempt">,
  runDirectory: string,
  env: Readonly<Record<string, string>>,
  host: Host,
): Promise<OpenedApi> {
  if (apiUrl === null) return { api: null, secrets: [], notes: [] };
  const tokenFile = join(runDirectory, runFiles.token);
  const read = (await readTokenFile(tokenFile)) ?? (await readToken(host, env));
  if ("problem" in read)
    return { api: null, secrets: [], notes: [`Nothing was reported to ${apiUrl}: ${read.problem}.`] };
  const { token } = read;
  const secrets = [{ name: tokenVariable, value: token }];
  const onTraded = (own: string) => writeFile(tokenFile, own, { mode: 0o600 });
  const api = createAttemptApi({ url: apiUrl, token, taskId, attempt, host, onTraded });
  return { api, secrets, notes: [] };
}
