import { join } from "node:path";
import { KerutaError } from "@keruta/shared/domain";
import { readIfThere } from "./read-if-there.ts";
import type { Login } from "./source.ts";

export interface Secrets {
  readonly privateKey: string | null;
  readonly knownHosts: string | null;
  readonly login: Login | null;
}

const names = ["ssh-privatekey", "known_hosts", "username", "password", "token"] as const;

/** GitHub, GitLab and Gitea take a token as the password of any user name; this is the one GitHub's apps use. */
const tokenUsername = "x-access-token";

/** @throws KerutaError KRT_SECRET_NOT_FOUND where the directory has none of the keys that clone knows. */
export async function readSecrets(directory: string): Promise<Secrets> {
  const values = new Map<string, string>();
  for (const name of names) {
    const value = await readIfThere(join(directory, name));
    if (value !== undefined && value.trim() !== "") values.set(name, value);
  }
  if (values.size === 0) throw nothingThere(directory);
  const password = oneLine(values.get("token") ?? values.get("password"));
  const username = oneLine(values.get("username")) ?? tokenUsername;
  return {
    privateKey: asKeyFile(values.get("ssh-privatekey")),
    knownHosts: values.get("known_hosts") ?? null,
    login: password === null ? null : { username, password },
  };
}

/** The login that stood in a URL; a lone name, or one with GitHub's `x-oauth-basic`, is a token. */
export function loginOfUrl(login: Login): Login {
  const isToken = login.password === "" || login.password === "x-oauth-basic";
  return isToken ? { username: tokenUsername, password: login.username } : login;
}

function oneLine(value: string | undefined): string | null {
  return value === undefined ? null : value.replace(/\r?\n$/, "");
}

/** OpenSSH refuses a key with CR LF or without its last newline: both are what a pasted Secret often has. */
function asKeyFile(value: string | undefined): string | null {
  return value === undefined ? null : `${value.replaceAll("\r", "").trimEnd()}\n`;
}

function nothingThere(directory: string): KerutaError {
  return new KerutaError(
    "KRT_SECRET_NOT_FOUND",
    {
      en: `The repository's secret in ${directory} has none of the keys ${names.join(", ")}.`,
      ja: `リポジトリのシークレット（${directory}）に ${names.join("、")} のいずれのキーもありません。`,
    },
    {
      hint: {
        en: "Add a key to the secret, or remove repository.secret.",
        ja: "シークレットにキーを追加するか、repository.secret を外してください。",
      },
    },
  );
}
