import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { run } from "../images/run.ts";

/** A program whose words go to the terminal: npm may ask for a password. */
export async function show(file: string, args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(file, [...args], { cwd, stdio: "inherit" });
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`release: ${file} ${args.join(" ")} failed; what it said stands above`);
}

/** The package first: a tag can be made again, a published version cannot. */
export async function publish(
  root: string,
  { directory, version, provenance }: { directory: string; version: string; provenance: boolean },
): Promise<void> {
  const flags = ["--access", "public", ...(provenance ? ["--provenance"] : [])];
  await show("npm", ["publish", join(directory, `keruta-${version}.tgz`), ...flags], root);
  await run("git", ["tag", "--annotate", "--message", `keruta ${version}`, `v${version}`], root);
}
