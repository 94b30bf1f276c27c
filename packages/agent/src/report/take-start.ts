import { link, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, KerutaError, runFiles, type AgentStart } from "@keruta/shared/domain";

/**
 * Takes the attempt's only start: a command must never run twice, whatever its driver does. Throws KRT_AGENT where
 * another agent, or a driver that gave the attempt up, was first, and where the run directory cannot be written.
 */
export async function takeStart(runDirectory: string, start: AgentStart): Promise<void> {
  const path = join(runDirectory, runFiles.start);
  const aside = `${path}.${String(start.pid)}`;
  try {
    await mkdir(runDirectory, { recursive: true, mode: 0o700 });
    await writeFile(aside, JSON.stringify(start), { mode: 0o644 });
    await link(aside, path);
  } catch (error) {
    const code = codeOf(error);
    if (code === "EEXIST") throw alreadyStarted(path);
    if (code === undefined) throw error;
    throw unwritable(runDirectory, code, error);
  } finally {
    await rm(aside, { force: true });
  }
}

function alreadyStarted(path: string): KerutaError {
  return new KerutaError(
    "KRT_AGENT",
    {
      en: `This attempt was started before: ${path} is there.`,
      ja: `この試行はすでに開始されています (${path} があります)。`,
    },
    {
      hint: {
        en: "Give each attempt a run directory of its own.",
        ja: "試行ごとに別の実行ディレクトリを指定してください。",
      },
    },
  );
}

function unwritable(directory: string, code: string, cause: unknown): KerutaError {
  return new KerutaError(
    "KRT_AGENT",
    {
      en: `The run directory ${directory} cannot be written (${code}).`,
      ja: `実行ディレクトリ ${directory} に書き込めません (${code})。`,
    },
    {
      cause,
      hint: {
        en: "Give another one with --run-dir.",
        ja: "--run-dir で別のディレクトリを指定してください。",
      },
    },
  );
}
