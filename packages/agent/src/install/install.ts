import { chmod, mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { KerutaError, runFiles } from "@keruta/shared/domain";
import { parseInstallArguments, type InstallOptions } from "../arguments/install-arguments.ts";
import type { Host } from "../host/host.ts";
import { copyFiles } from "./copy-files.ts";
import { writeTask } from "./write-task.ts";

/** The agent in its image, and where it is installed: the launcher in `bin`, all that it starts in `lib`. */
const directories = ["bin", "lib"] as const;

/** `keruta-agent install DIR` */
export async function install(args: readonly string[], host: Host): Promise<number> {
  await installAgent(parseInstallArguments(args), ".part", host);
  return 0;
}

/**
 * Puts the agent where the other containers of the Pod find it, and makes the run directory ready. It may run again,
 * after a restart of the sidecar, while the agent that it installed runs.
 *
 * @param unfinished as of `copyFiles`
 */
export async function installAgent(options: InstallOptions, unfinished: string, host: Host): Promise<void> {
  if (host.launcher === null) throw notInImage();
  const source = dirname(dirname(host.launcher));
  const target = resolve(host.directory, options.directory);
  await writing(target, async () => {
    for (const name of directories) await copyFiles(join(source, name), join(target, name), unfinished);
  });
  if (options.runDirectory === null) return;
  const runDirectory = resolve(host.directory, options.runDirectory);
  await writing(runDirectory, async () => {
    const artifacts = join(runDirectory, runFiles.artifactsDirectory);
    await mkdir(artifacts, { recursive: true });
    // The command may run as any user.
    await chmod(artifacts, 0o777);
    await writeTask(join(runDirectory, runFiles.task), host.env, unfinished);
  });
}

async function writing(directory: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    throw new KerutaError(
      "KRT_AGENT",
      {
        en: `The agent cannot be installed in ${directory} (${code}).`,
        ja: `エージェントを ${directory} に配置できません (${code})。`,
      },
      {
        cause: error,
        hint: {
          en: "The directory must be writable and have room for 160 MB.",
          ja: "書き込み可能で、160 MB の空きがあるディレクトリにしてください。",
        },
      },
    );
  }
}

function notInImage(): KerutaError {
  return new KerutaError(
    "KRT_AGENT",
    {
      en: `"install" works only in the agent's image: this agent was not started by its launcher.`,
      ja: "「install」はエージェントのイメージの中でだけ使えます (ランチャーから起動されていません)。",
    },
    {
      hint: {
        en: "Run /keruta-agent of the image that setting keruta.agent.image names.",
        ja: "設定 keruta.agent.image のイメージにある /keruta-agent を実行してください。",
      },
    },
  );
}
