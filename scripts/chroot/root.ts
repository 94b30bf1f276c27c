import {
  access,
  chmod,
  chown,
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  readdir,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { nodeProgram } from "../images/node-program.ts";
import { cache } from "../images/make-image.ts";
import { run } from "../images/run.ts";

export interface RootInput {
  readonly directory: string;
  readonly node: string;
  readonly npm: string;
  /** A repository of which a clean clone goes in. */
  readonly repository: string;
}

export const user = { id: 1000, home: "/home/newcomer" } as const;

/** The smallest Debian, with Node, npm and a clone of the repository in the home of a user. */
export async function makeRoot({ directory, node, npm, repository }: RootInput): Promise<void> {
  const at = (place: string) => join(directory, place);
  await chmod(directory, 0o755);
  await run("debootstrap", ["--variant=minbase", "bookworm", directory]);
  const architecture = process.arch === "arm64" ? "arm64" : "x64";
  await copyFile(await nodeProgram(node, architecture, cache), at("usr/bin/node"));
  await unpack(`npm@${npm}`, at("usr/lib/node_modules/npm"));
  for (const name of ["npm", "npx"]) {
    await symlink(`../lib/node_modules/npm/bin/${name}-cli.js`, at(`usr/bin/${name}`));
  }
  // To reach the registry as this machine does.
  for (const file of ["/etc/resolv.conf", "/etc/hosts", process.env["NODE_EXTRA_CA_CERTS"]]) {
    if (file === undefined || !(await isThere(file))) continue;
    await mkdir(dirname(at(file)), { recursive: true });
    await cp(file, at(file), { dereference: true });
  }
  const clone = at(join(user.home, "keruta"));
  await run("git", ["clone", "--quiet", "--depth", "1", `file://${repository}`, clone]);
  await rm(join(clone, ".git"), { recursive: true });
  await writeFile(
    at("etc/passwd"),
    `newcomer:x:${String(user.id)}:${String(user.id)}::${user.home}:/bin/sh\n`,
    {
      flag: "a",
    },
  );
  for (const entry of await readdir(at(user.home), { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) await chown(join(entry.parentPath, entry.name), user.id, user.id);
  }
  await chown(at(user.home), user.id, user.id);
}

async function unpack(name: string, directory: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const aside = await mkdtemp(join(cache, ".npm-"));
  try {
    await run("npm", ["pack", name, "--silent", "--pack-destination", aside]);
    const [archive = ""] = await readdir(aside);
    await mkdir(directory, { recursive: true });
    await run("tar", ["-xzf", join(aside, archive), "-C", directory, "--strip-components=1"]);
  } finally {
    await rm(aside, { recursive: true });
  }
}

async function isThere(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    () => false,
  );
}
