import { chmod, copyFile, glob, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { nodeComponent, packageComponents, sqliteComponent, systemComponents } from "../supply/components.ts";
import { compilerOf, type Architecture } from "./architecture.ts";
import { findLibraries, type Libraries } from "./libraries.ts";
import { cache, makeImage, productVersion, repository, type Image } from "./make-image.ts";
import { nodeProgram, serverNodeVersion } from "./node-program.ts";
import { originOf } from "./labels.ts";
import { papersOf } from "./papers.ts";
import { run } from "./run.ts";
import { systemPackages } from "./system-packages.ts";

const cli = join(repository, "packages/cli");
const sqlite = join(repository, "node_modules/better-sqlite3");

/** The image of server and worker: the bundled program, its Node, and what that needs of a system. */
export async function serverImage(architecture: Architecture): Promise<Image> {
  const node = await nodeProgram(serverNodeVersion, architecture, cache);
  const binding = join(sqlite, `prebuilds/linux-${architecture}.node`);
  const libraries = await findLibraries([node, binding], compilerOf(architecture));
  const program: string[] = [];
  for await (const file of glob(["dist/**/*.js", "dist/panel/**/*.{html,css,svg}"], { cwd: cli }))
    program.push(join(cli, file));
  const bindingFiles = ["package.json", "lib/binding.js", `lib/linux-${architecture}.js`];
  const files = [
    join(cli, "package.json"),
    join(cli, "bin/keruta.cjs"),
    ...program.toSorted(),
    ...bindingFiles.map((file) => join(sqlite, file)),
    binding,
  ];
  const system = await systemPackages(libraries);
  return await makeImage({
    name: "server",
    description: "keruta: server with the admin panel, and worker",
    architecture,
    inputs: [serverNodeVersion],
    files: [...files, libraries.loader, ...libraries.files.values()],
    papers: await papersOf({
      root: repository,
      name: "keruta",
      version: await productVersion(),
      epoch: originOf(process.env).epoch,
      thirdParty: await readFile(join(cli, "dist/THIRD-PARTY-LICENSES.txt"), "utf8"),
      node,
      system,
      components: [
        ...(await packageComponents(repository)),
        sqliteComponent(),
        nodeComponent(serverNodeVersion, architecture),
        ...systemComponents(system),
      ],
    }),
    fill: (root) => fillServerRoot(root, { node, libraries, files, architecture }),
  });
}

interface ServerRootInput {
  readonly node: string;
  readonly libraries: Libraries;
  /** Of the repository, each below packages/cli or node_modules. */
  readonly files: readonly string[];
  readonly architecture: Architecture;
}

async function fillServerRoot(root: string, input: ServerRootInput): Promise<void> {
  const { node, libraries, files, architecture } = input;
  const put = async (from: string, to: string, mode: number) => {
    const target = join(root, to);
    await mkdir(dirname(target), { recursive: true });
    await copyFile(from, target);
    await chmod(target, mode);
  };
  await put(node, "bin/node", 0o755);
  // Where the programs look for it, and where the loader looks by itself.
  await put(libraries.loader, libraries.interpreter, 0o755);
  for (const [name, file] of libraries.files) await put(file, join("lib", name), 0o755);
  for (const file of files) {
    const inCli = file.startsWith(cli);
    const place = inCli
      ? file.slice(cli.length)
      : join("node_modules/better-sqlite3", file.slice(sqlite.length));
    await put(file, join("usr/lib/keruta", place), 0o644);
  }
  await mkdir(join(root, "etc/keruta"), { recursive: true });
  await writeFile(join(root, "etc/passwd"), "keruta:x:65532:65532:keruta:/var/lib/keruta:/nonexistent\n");
  await mkdir(join(root, "tmp"), { mode: 0o1777 });
  await chmod(join(root, "tmp"), 0o1777);
  await mkdir(join(root, "var/lib/keruta"), { recursive: true });
  await chmod(join(root, "var/lib/keruta"), 0o777);
  if (architecture === process.arch) {
    await run(join(root, "bin/node"), [join(root, "usr/lib/keruta/bin/keruta.cjs"), "version"]);
  }
}
