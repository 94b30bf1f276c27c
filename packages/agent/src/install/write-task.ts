import { rename, rm, writeFile } from "node:fs/promises";
import { inflateRawSync } from "node:zlib";
import { joinTaskPieces, KerutaError } from "@keruta/shared/domain";

/** Far above the 512 KiB that a task may have; damage must not fill the memory. */
const maxTaskBytes = 8 << 20;

/** Writes the task that the sidecar's variables carry, readable to every user; nothing where they carry none. */
export async function writeTask(
  file: string,
  env: Readonly<Record<string, string>>,
  unfinished: string,
): Promise<void> {
  const task = readTask(env);
  if (task === null) return;
  const part = `${file}${unfinished}`;
  try {
    await writeFile(part, task, { mode: 0o644 });
    await rename(part, file);
  } finally {
    await rm(part, { force: true });
  }
}

function readTask(env: Readonly<Record<string, string>>): Uint8Array | null {
  try {
    const deflated = joinTaskPieces(env);
    return deflated && inflateRawSync(deflated, { maxOutputLength: maxTaskBytes });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    // Of zlib or joinTaskPieces; anything else is a bug.
    if (!(error instanceof TypeError) && code?.startsWith("Z_") !== true && code !== "ERR_BUFFER_TOO_LARGE")
      throw error;
    throw new KerutaError(
      "KRT_AGENT",
      {
        en: `The task in the sidecar's environment cannot be read: ${message}.`,
        ja: `サイドカーの環境変数にあるタスクを読めません: ${message}`,
      },
      {
        cause: error,
        hint: {
          en: "Use an agent image and a keruta of one version.",
          ja: "keruta とエージェントのイメージのバージョンを揃えてください。",
        },
      },
    );
  }
}
