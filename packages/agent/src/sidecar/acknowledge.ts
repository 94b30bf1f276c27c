import { writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { join, resolve } from "node:path";
import { codeOf, KerutaError, runFiles } from "@keruta/shared/domain";
import { parseRunDirectory } from "../arguments/run-directory-arguments.ts";
import type { Host } from "../host/host.ts";

/** `keruta-agent acknowledge`: the driver has all that it wanted, and the sidecar may end with the main container. */
export async function acknowledge(args: readonly string[], host: Host): Promise<number> {
  const runDirectory = resolve(host.directory, parseRunDirectory(args));
  const file = join(runDirectory, runFiles.acknowledged);
  await connectToSidecar(join(runDirectory, runFiles.sidecarSocket));
  try {
    await writeFile(file, "");
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    throw new KerutaError(
      "KRT_AGENT",
      {
        en: `The acknowledgement cannot be written to ${file} (${code}).`,
        ja: `受領の印を ${file} に書き込めません (${code})。`,
      },
      {
        cause: error,
        hint: {
          en: "Run it in the sidecar of a task's Pod.",
          ja: "タスクの Pod のサイドカーで実行してください。",
        },
      },
    );
  }
  return 0;
}

/**
 * Resolves when the sidecar waits for this process's end, after which it looks for the file. One that is not there
 * yet looks when the main container has ended.
 */
async function connectToSidecar(path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const connection = connect(path);
    connection.once("data", () => resolve());
    connection.once("close", () => resolve());
    connection.once("error", (error: NodeJS.ErrnoException) => {
      if (["ENOENT", "ECONNREFUSED", "ECONNRESET"].includes(error.code ?? "")) resolve();
      else reject(error);
    });
  });
}
