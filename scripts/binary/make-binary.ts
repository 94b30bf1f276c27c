import { chmod, copyFile, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Architecture } from "../images/architecture.ts";
import { cache, repository } from "../images/make-image.ts";
import { nodeProgram, serverNodeVersion } from "../images/node-program.ts";
import { run } from "../images/run.ts";

export interface BinaryInput {
  readonly file: string;
  readonly architecture: Architecture;
  /** Of the assets, what it starts. */
  readonly entry: string;
  /** Files by the names under which `packages/cli/binary/main.cjs` finds them. */
  readonly assets: Readonly<Record<string, string>>;
  /** Node's own options. */
  readonly options?: readonly string[];
}

/** Node's own mark of where a single executable has its files. */
const fuse = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";

/** Writes a single executable: Node with files in it, whole or not at all. */
export async function makeBinary(input: BinaryInput): Promise<void> {
  const { file, architecture, entry, assets, options = [] } = input;
  const builder = await nodeProgram(serverNodeVersion, process.arch === "arm64" ? "arm64" : "x64", cache);
  const node = await nodeProgram(serverNodeVersion, architecture, cache);
  await mkdir(cache, { recursive: true });
  const aside = await mkdtemp(join(cache, ".binary-"));
  try {
    const place = (name: string) => join(aside, name);
    await writeFile(place("entry"), entry);
    const config = {
      // Its path gets into the binary, and says nothing of the machine: relative to where it is run.
      main: "packages/cli/binary/main.cjs",
      output: place("blob"),
      disableExperimentalSEAWarning: true,
      // Both are Node's state of the building machine, which another architecture cannot read.
      useSnapshot: false,
      useCodeCache: false,
      execArgv: options,
      // Or the NODE_OPTIONS of something else would end it, or run their code in it.
      execArgvExtension: "none",
      assets: { ...assets, entry: place("entry") },
    };
    await writeFile(place("sea.json"), JSON.stringify(config));
    await run(builder, ["--experimental-sea-config", place("sea.json")], repository);
    await copyFile(node, place("program"));
    await chmod(place("program"), 0o755);
    // As a process of its own: its warnings of Node's own notes say nothing about the result.
    const postject = fileURLToPath(import.meta.resolve("postject/dist/cli.js"));
    const injected = [place("program"), "NODE_SEA_BLOB", place("blob"), "--sentinel-fuse", fuse];
    await run(process.execPath, [postject, ...injected]);
    await mkdir(join(file, ".."), { recursive: true });
    await rename(place("program"), file);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}
