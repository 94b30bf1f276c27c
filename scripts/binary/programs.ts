import { glob } from "node:fs/promises";
import { join } from "node:path";
import { agentNodeOptions } from "../images/agent-root.ts";
import type { Architecture } from "../images/architecture.ts";
import { repository } from "../images/make-image.ts";
import type { BinaryInput } from "./make-binary.ts";

const cli = join(repository, "packages/cli");
const agentEntry = { "bin/keruta-agent.cjs": join(cli, "binary/keruta-agent.cjs") };

/** `keruta`: the files of the npm package, and the library of SQLite. */
export async function kerutaBinary(architecture: Architecture): Promise<BinaryInput> {
  const assets: Record<string, string> = {
    ...agentEntry,
    "bin/keruta.cjs": join(cli, "bin/keruta.cjs"),
    "better_sqlite3.node": join(
      repository,
      `node_modules/better-sqlite3/prebuilds/linux-${architecture}.node`,
    ),
  };
  for await (const name of glob(["dist/**/*.js", "dist/panel/**/*.{html,css,svg}"], { cwd: cli })) {
    assets[name] = join(cli, name);
  }
  const sorted = Object.fromEntries(Object.entries(assets).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return {
    file: fileOf("keruta", architecture),
    architecture,
    entry: "./bin/keruta.cjs",
    assets: sorted,
  };
}

/** `keruta-agent` for images that have glibc and bring the agent themselves (`agent: image`). */
export function agentBinary(architecture: Architecture): BinaryInput {
  return {
    file: fileOf("keruta-agent", architecture),
    architecture,
    entry: "./bin/keruta-agent.cjs",
    assets: { ...agentEntry, "dist/keruta-agent.js": join(cli, "dist/keruta-agent.js") },
    options: agentNodeOptions,
  };
}

function fileOf(name: string, architecture: Architecture): string {
  return join(repository, `dist/binaries/linux-${architecture}/${name}`);
}
