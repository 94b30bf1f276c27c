import { chmod, copyFile, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { compilerOf, type Architecture } from "./architecture.ts";
import type { Libraries } from "./libraries.ts";
import { agentNodeVersion, nodeProgram } from "./node-program.ts";
import { run } from "./run.ts";

export interface AgentRootInput {
  readonly architecture: Architecture;
  readonly bundle: Uint8Array;
  /** Source of the launcher. */
  readonly launcher: string;
  readonly libraries: Libraries;
  readonly node: string;
  /** Holds Node's programs. */
  readonly cache: string;
}

/**
 * What keeps V8 small: 35 MB of anonymous memory where 20 MB of output a second pass through (43 to 66 without) and 77
 * where all of it is line ends (290 without); idle it is 14. No bound on the heap: with 24 MB those line ends killed it.
 */
export const agentNodeOptions = ["--max-semi-space-size=1", "--optimize-for-size"];

/**
 * Fills `directory` with the root of the agent's image: the launcher in /bin, the agent, its
 * loader and its libraries in /lib. `install` copies these two directories as they are.
 */
export async function makeAgentRoot(directory: string, input: AgentRootInput): Promise<void> {
  const library = join(directory, "lib");
  await mkdir(library);
  await buildProgram(join(library, "keruta-agent"), directory, input);
  const { loader, files } = input.libraries;
  for (const [name, file] of [["ld.so", loader] as const, ...files]) {
    await copyFile(file, join(library, name));
    await chmod(join(library, name), 0o755);
  }
  const launcher = join(directory, "bin/keruta-agent");
  await mkdir(join(directory, "bin"));
  const flags = ["-std=c11", "-Wall", "-Wextra", "-Werror", "-O2", "-static", "-s"];
  await run(compilerOf(input.architecture), [...flags, "-o", launcher, input.launcher]);
  await chmod(launcher, 0o755);
  await symlink("bin/keruta-agent", join(directory, "keruta-agent"));
  if (input.architecture === process.arch) await run(launcher, ["--help"]);
}

async function buildProgram(program: string, aside: string, input: AgentRootInput): Promise<void> {
  // A relative path: it gets into the program, which has to come out the same each time.
  const name = "keruta-agent.mjs";
  const [main, config] = [join(aside, name), join(aside, "sea.json")];
  await writeFile(main, input.bundle);
  const sea = {
    main: name,
    mainFormat: "module",
    executable: input.node,
    output: program,
    disableExperimentalSEAWarning: true,
    useSnapshot: false,
    // It would save 4 of 45 ms, and V8 says so on stderr where flags or version do not fit.
    useCodeCache: false,
    execArgv: agentNodeOptions,
    // Or NODE_OPTIONS of a task would reach the agent.
    execArgvExtension: "none",
  };
  await writeFile(config, JSON.stringify(sea));
  const builder = process.arch === "arm64" ? "arm64" : "x64";
  await run(await nodeProgram(agentNodeVersion, builder, input.cache), ["--build-sea", config], aside);
  await Promise.all([rm(main), rm(config), chmod(program, 0o755)]);
}
