import { lstat, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Git } from "./git.ts";

/**
 * What stays of a kept repository's configuration. Everything else can name a program (filters, `sshCommand`,
 * `include.path`, `url.insteadOf` …) that git would run next to the credentials, for a task that wrote it.
 */
const harmless =
  /^(?:core\.(?:repositoryformatversion|filemode|bare|logallrefupdates|ignorecase|precomposeunicode|symlinks|sharedrepository)|extensions\.objectformat|remote\.origin\.(?:url|fetch)|branch\..+\.(?:remote|merge)|submodule\..+\.(?:url|active)|submodule\.active|user\.(?:name|email))$/s;

/** Git itself sets it in submodules, and again where it is missing; a task's could point outside. */
const worktreeKey = "core.worktree";

/** Cleans the configuration of the repository and of its submodules; returns the names it dropped. */
export async function cleanConfiguration(gitDirectory: string, git: Git): Promise<string[]> {
  const dropped: string[] = [];
  for (const directory of [gitDirectory, ...(await moduleDirectories(join(gitDirectory, "modules")))]) {
    await rm(join(directory, "config.worktree"), { force: true });
    dropped.push(...(await cleanFile(join(directory, "config"), git)));
  }
  return dropped;
}

async function cleanFile(path: string, git: Git): Promise<string[]> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats === undefined) return [];
  const { exitCode, stdout } = await git.ask(["config", "--file", path, "--no-includes", "--null", "--list"]);
  const entries = stdout.split("\0").flatMap((entry) => {
    const end = entry.indexOf("\n");
    if (entry === "") return [];
    return end === -1
      ? [{ key: entry, value: "true" }]
      : [{ key: entry.slice(0, end), value: entry.slice(end + 1) }];
  });
  const kept = entries.filter(({ key }) => harmless.test(key));
  if (exitCode === 0 && stats.isFile() && kept.length === entries.length) return [];
  await writeFile(`${path}.new`, kept.map(entryLine).join(""));
  await rename(`${path}.new`, path);
  return entries.map(({ key }) => key).filter((key) => !harmless.test(key) && key !== worktreeKey);
}

function entryLine({ key, value }: { readonly key: string; readonly value: string }): string {
  const first = key.indexOf(".");
  const last = key.lastIndexOf(".");
  const section = key.slice(0, first);
  const subsection = first === last ? "" : ` "${escaped(key.slice(first + 1, last))}"`;
  return `[${section}${subsection}]\n\t${key.slice(last + 1)} = "${escaped(value).replaceAll("\n", "\\n")}"\n`;
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"');
}

/** Submodules may have slashes in their names, and submodules of their own. */
async function moduleDirectories(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  if (entries.some(({ name }) => name === "HEAD")) found.push(directory);
  for (const entry of entries) {
    if (entry.isDirectory() && entry.name !== "objects" && entry.name !== "refs" && entry.name !== "logs") {
      found.push(...(await moduleDirectories(join(directory, entry.name))));
    }
  }
  return found;
}
