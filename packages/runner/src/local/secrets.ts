import { constants } from "node:fs";
import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, KerutaError } from "@keruta/shared/domain";

/** As Kubernetes names objects and keys: nothing that could leave the directory. */
const namePattern = /^[A-Za-z0-9]([-._A-Za-z0-9]*[A-Za-z0-9])?$/;
const keyPattern = /^[-._A-Za-z0-9]+$/;

/** Secrets of the local runner: files `<root>/<secret>/<key>` that only their owner can read. */
export async function readSecret(root: string, secret: string, key: string): Promise<Buffer> {
  const path = secretPath(root, secret, key);
  let file;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    throw new KerutaError(
      "KRT_SECRET_NOT_FOUND",
      {
        en: `Secret "${secret}" has no readable key "${key}" for the local runner (${path}: ${codeOf(error) ?? "error"}).`,
        ja: `local ランナー用のシークレット「${secret}」にキー「${key}」がないか、読み取れません（${path}: ${codeOf(error) ?? "error"}）。`,
      },
      {
        hint: {
          en: `Write the value to ${path} with mode 0600.`,
          ja: `値を ${path} に書き込み、モードを 0600 にしてください。`,
        },
        cause: error,
      },
    );
  }
  try {
    const { mode } = await file.stat();
    if ((mode & 0o077) !== 0) {
      throw new KerutaError(
        "KRT_SECRET_NOT_FOUND",
        {
          en: `Secret file ${path} can be read by others (mode 0${(mode & 0o777).toString(8)}).`,
          ja: `シークレットのファイル ${path} が他のユーザーから読めます（モード 0${(mode & 0o777).toString(8)}）。`,
        },
        { hint: { en: `Run: chmod 600 ${path}`, ja: `次を実行してください: chmod 600 ${path}` } },
      );
    }
    return await file.readFile();
  } finally {
    await file.close();
  }
}

/** Keys of a secret, for a volume that names none. */
export async function listSecretKeys(root: string, secret: string): Promise<string[]> {
  try {
    const entries = await readdir(join(root, checkedName(secret)), { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && keyPattern.test(entry.name))
      .map((entry) => entry.name);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
}

function secretPath(root: string, secret: string, key: string): string {
  if (!keyPattern.test(key) || key.startsWith("..")) throw badName(key);
  return join(root, checkedName(secret), key);
}

function checkedName(secret: string): string {
  if (!namePattern.test(secret)) throw badName(secret);
  return secret;
}

function badName(name: string): KerutaError {
  return new KerutaError(
    "KRT_SECRET_NOT_FOUND",
    {
      en: `"${name}" is no name of a Secret or a key.`,
      ja: `「${name}」はシークレットやキーの名前として使えません。`,
    },
    {
      hint: {
        en: "Use letters, digits, `-`, `_` and `.`.",
        ja: "英数字と `-`、`_`、`.` を使ってください。",
      },
    },
  );
}
