import { stat, writeFile } from "node:fs/promises";
import { isKerutaError, KerutaError } from "@keruta/shared/domain";
import { isSystemError } from "../host/system-error.ts";

/**
 * Ends a run that has no report: says why to its driver, which reads the termination message in a Pod and stderr
 * elsewhere. Gives what is to be said on stderr; a bug's own stack stays.
 */
export async function failedRun(error: unknown, terminationMessage: string | null): Promise<unknown> {
  const failure = isSystemError(error) ? systemFailure(error) : error;
  if (terminationMessage !== null) {
    const words = isKerutaError(failure) ? failure.message : String(failure);
    await leave(words, terminationMessage);
  }
  return failure;
}

function systemFailure(error: NodeJS.ErrnoException): KerutaError {
  return new KerutaError(
    "KRT_AGENT",
    {
      en: `The operating system refused what the agent needs: ${error.message}.`,
      ja: `エージェントに必要な操作が OS に拒否されました: ${error.message}`,
    },
    {
      cause: error,
      hint: {
        en: "Look at the disk and the file systems of the machine that it ran on.",
        ja: "実行したマシンのディスクとファイルシステムを確認してください。",
      },
    },
  );
}

/** A report that is there already counts, whatever failed after it. */
async function leave(words: string, file: string): Promise<void> {
  try {
    const { size } = await stat(file);
    if (size === 0) await writeFile(file, words);
  } catch {
    // The same words are on stderr.
  }
}
