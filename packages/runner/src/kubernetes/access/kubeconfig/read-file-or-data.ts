import { readFile } from "node:fs/promises";
import { invalidKubeconfig } from "./invalid-kubeconfig.ts";
import type { FileOrData } from "./kubeconfig.ts";

/** A certificate or key. Throws KRT_KUBECONFIG_INVALID with the path of a file that cannot be read. */
export async function readFileOrData(
  source: FileOrData | undefined,
  place: string,
): Promise<string | undefined> {
  if (source === undefined) return undefined;
  if ("base64" in source) return Buffer.from(source.base64, "base64").toString("utf8");
  try {
    return await readFile(source.path, "utf8");
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
    throw invalidKubeconfig(
      place,
      {
        en: `its file ${source.path} cannot be read (${String(error.code)})`,
        ja: `参照先のファイル ${source.path} を読み込めません（${String(error.code)}）`,
      },
      { cause: error },
    );
  }
}
