import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { commandsOf } from "./chroot/commands.ts";
import { makeRoot, user } from "./chroot/root.ts";
import { repository } from "./images/make-image.ts";
import { run } from "./images/run.ts";

const help = `npm run try:chroot [-- OPTIONS]      as root, on Debian with debootstrap

Runs the commands under "Try it" of README.md as a newcomer who has a Debian with nothing but Node and npm: no compiler,
no git, no Python. What is tried is the last commit.

  --only N         only the Nth command: 1 is the task, 2 the tests
  --node VERSION   20.20.2
  --npm VERSION    11.19.1
  --keep           leave the folder there
`;
const { values } = parseArgs({
  options: {
    only: { type: "string" },
    node: { type: "string", default: "20.20.2" },
    npm: { type: "string", default: "11.19.1" },
    keep: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

async function tryAll(): Promise<boolean> {
  const commands = await commandsOf(join(repository, "README.md"), "Try it");
  const chosen =
    values.only === undefined ? commands : commands.slice(Number(values.only) - 1, Number(values.only));
  const directory = await mkdtemp(join(tmpdir(), "keruta-chroot-"));
  const mounts = [
    ["proc", "proc"],
    ["tmpfs", "dev/shm"],
  ] as const;
  try {
    await makeRoot({ directory, node: values.node, npm: values.npm, repository });
    for (const [type, place] of mounts) {
      await mkdir(join(directory, place), { recursive: true });
      await run("mount", ["--types", type, type, join(directory, place)]);
    }
    await inside(
      directory,
      'for p in node npm git gcc make python3; do echo "$p: $(command -v $p || echo none)"; done',
    );
    for (const command of chosen) if (!(await inside(directory, command))) return false;
    return true;
  } finally {
    // Before anything is removed; what is not mounted any more says so.
    for (const [, place] of mounts) await run("umount", [join(directory, place)]).catch(() => "");
    if (values.keep) console.log(`try:chroot: ${directory} is left`);
    else await run("rm", ["-rf", "--one-file-system", directory]);
  }
}

async function inside(directory: string, command: string): Promise<boolean> {
  console.log(`$ ${command}`);
  const passedOn = Object.entries(process.env).filter(([name]) =>
    /^(NODE_EXTRA_CA_CERTS|(https?|no)_proxy)$/i.test(name),
  );
  const env = { ...Object.fromEntries(passedOn), HOME: user.home, PATH: "/usr/bin:/bin", LANG: "C.UTF-8" };
  const ids = `--userspec=${String(user.id)}:${String(user.id)}`;
  const started = performance.now();
  const child = spawn("/usr/sbin/chroot", [ids, directory, "sh", "-c", `cd ~/keruta && ${command}`], {
    env,
    stdio: "inherit",
  });
  const [code] = (await once(child, "close")) as [number | null];
  console.log(`# exit code ${String(code)}, ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
  return code === 0;
}

if (values.help) process.stdout.write(help);
else if (process.getuid?.() !== 0) {
  console.error("try:chroot: only root makes a chroot; run it with sudo");
  process.exitCode = 1;
} else if (!(await tryAll())) process.exitCode = 1;
