import { spawn } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Sandbox } from "../sandbox.ts";
import { comparable, type Example, type Step } from "./examples.ts";

export interface GuideRun {
  readonly complaints: readonly string[];
  /** Of each session, the output of each of its steps. */
  readonly outputs: readonly (readonly string[])[];
}

/** Runs a guide from its beginning to its end, as its reader would, in a home of its own. */
export async function runGuide(
  examples: readonly Example[],
  { directory, env }: Pick<Sandbox, "directory" | "env">,
  language: string,
): Promise<GuideRun> {
  const program = join(import.meta.dirname, "../../packages/cli/bin/keruta.cjs");
  const bin = join(directory, "bin");
  await mkdir(bin);
  await writeFile(join(bin, "keruta"), `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`, {
    mode: 0o755,
  });
  const surroundings = { ...env, LANG: language, PATH: `${bin}:${env["PATH"] ?? ""}` };
  const complaints: string[] = [];
  const outputs: string[][] = [];
  for (const example of examples) {
    if (example.kind === "file") {
      const path = join(directory, example.name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, example.content, { mode: example.mode });
      continue;
    }
    const { steps, line } = example;
    const found = (await shell(steps.map(scriptOf).join(""), directory, surroundings))
      .split(mark)
      .slice(0, steps.length);
    const told = found.map((text) => asAtHome(text, directory));
    outputs.push(told);
    for (const [index, step] of steps.entries()) {
      const output = told[index] ?? "";
      if (comparable(output) === comparable(step.output)) continue;
      complaints.push(`line ${String(line)}: $ ${step.command}\nguide:\n${step.output}now:\n${output}`);
    }
  }
  return { complaints, outputs };
}

/** Places and names as a reader has them. */
function asAtHome(text: string, directory: string): string {
  return text
    .replaceAll(directory, "~")
    .replaceAll("~/state/", "~/.local/state/")
    .replaceAll("~/config/", "~/.config/")
    .replaceAll(/\b[\w-]+@[\w.-]+:\d+/g, "you@laptop:4711");
}

const mark = "\u0001\n";

/** The status of the command is the next one's `$?`. */
function scriptOf({ command }: Step): string {
  return `${command}\n__status=$?; printf '\\001\\n'; (exit $__status)\n`;
}

async function shell(script: string, cwd: string, env: Readonly<Record<string, string>>): Promise<string> {
  const child = spawn("bash", ["-c", `exec 2>&1\n${script}`], {
    cwd,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const parts: Buffer[] = [];
  child.stdout.on("data", (part: Buffer) => parts.push(part));
  await new Promise((resolve) => child.once("close", resolve));
  return Buffer.concat(parts).toString();
}
