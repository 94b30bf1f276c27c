import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { open, realpath } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { artifactPathProblem, KerutaError } from "@keruta/shared/domain";
import type { ArtifactFile } from "@keruta/shared/queue";
import { quoteName, refusal } from "./refusal.ts";

/**
 * The bytes of one stored artifact, from `<store>/<task id>/<attempt>` and its row in the queue. The last read
 * throws KRT_ARTIFACT_STREAM where the bytes are not those that were collected, so a reader keeps nothing before
 * the end. Throws KRT_ARTIFACT_REFUSED for a path that leaves the directory, also by a link in the store, and
 * KRT_ARTIFACT_NOT_FOUND for a file that was skipped or is gone.
 */
export async function* openArtifact(directory: string, file: ArtifactFile): AsyncGenerator<Uint8Array, void> {
  const problem = artifactPathProblem(file.path);
  if (problem) throw leaves(file.path);
  if (file.sha256 === null) throw notStored(file.path);
  const path = join(directory, file.path);
  try {
    const place = relative(await realpath(directory), await realpath(dirname(path)));
    if (place === ".." || place.startsWith(`..${sep}`)) throw leaves(file.path);
    await using handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if (!(await handle.stat()).isFile()) throw leaves(file.path);
    const hash = createHash("sha256");
    for await (const chunk of handle.createReadStream({ autoClose: false, highWaterMark: 1 << 18 })) {
      hash.update(chunk as Uint8Array);
      yield chunk as Uint8Array;
    }
    if (hash.digest("hex") !== file.sha256) throw damaged(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") throw notStored(file.path);
    if (code === "ELOOP") throw leaves(file.path);
    throw error;
  }
}

const listHint = {
  en: "`keruta artifacts list` shows what there is.",
  ja: "`keruta artifacts list` で一覧を確認してください。",
};

function leaves(path: string): KerutaError {
  return refusal(
    {
      en: `The artifact ${quoteName(path)} is no file inside its directory.`,
      ja: `成果物 ${quoteName(path)} は、保存先のディレクトリー内のファイルではありません。`,
    },
    listHint,
  );
}

function notStored(path: string): KerutaError {
  return new KerutaError(
    "KRT_ARTIFACT_NOT_FOUND",
    {
      en: `The artifact ${quoteName(path)} is not in the store.`,
      ja: `成果物 ${quoteName(path)} は保存先にありません。`,
    },
    { hint: listHint },
  );
}

function damaged(path: string): KerutaError {
  return new KerutaError(
    "KRT_ARTIFACT_STREAM",
    {
      en: `${path} is not what was collected: its digest differs.`,
      ja: `${path} は収集時の内容と異なります（ダイジェスト不一致）。`,
    },
    {
      hint: {
        en: "The store was changed; run the task again.",
        ja: "保存先が変更されています。タスクを再実行してください。",
      },
    },
  );
}
