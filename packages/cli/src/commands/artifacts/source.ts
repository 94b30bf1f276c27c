import type { ReadStream } from "node:fs";
import { constants } from "node:fs";
import { access, open } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, KerutaError, type Attempt, type Task } from "@keruta/shared/domain";
import type { ArtifactFile } from "@keruta/shared/queue";
import { artifactStore } from "../../context/artifact-store.ts";
import type { Context } from "../../context/context.ts";
import { placeOf } from "../../context/database.ts";
import { fileError } from "../../files/file-error.ts";

/** Where the bytes of an attempt's artifacts are. */
export interface ArtifactSource {
  /** For messages. */
  readonly nameOf: (file: ArtifactFile) => string;
  readonly read: (file: ArtifactFile) => Promise<AsyncIterable<Uint8Array>>;
}

/** This machine's store where the attempt was collected here, else the server's. */
export async function artifactSource(
  context: Context,
  task: Task,
  attempt: Attempt,
): Promise<ArtifactSource> {
  const store = artifactStore(context.paths, await context.settings());
  const directory = join(store, task.id, String(attempt.number));
  const place = placeOf(context);
  if (place.kind !== "api" || (await isThere(directory))) return storeSource(directory);
  return await serverSource(context, place.url, task, attempt);
}

function storeSource(directory: string): ArtifactSource {
  const nameOf = ({ path }: ArtifactFile) => join(directory, path);
  return {
    nameOf,
    async read(file) {
      const name = nameOf(file);
      const handle = await open(name, constants.O_RDONLY | constants.O_NOFOLLOW).catch((error: unknown) => {
        throw codeOf(error) === "ENOENT" ? gone(name) : fileError(error, "read", name);
      });
      const stream: ReadStream = handle.createReadStream({ highWaterMark: 1 << 18 });
      return stream as AsyncIterable<Uint8Array>;
    },
  };
}

async function serverSource(
  context: Context,
  url: string,
  task: Task,
  attempt: Attempt,
): Promise<ArtifactSource> {
  const { createHttp } = await import("@keruta/shared/api");
  const { apiOptions } = await import("../../api/api-options.ts");
  const http = createHttp(await apiOptions(context, url));
  const nameOf = ({ path }: ArtifactFile) => `${url}: ${path}`;
  return {
    nameOf,
    read: (file) =>
      Promise.resolve(
        http.chunks({
          path: `/tasks/${encodeURIComponent(task.id)}/artifacts/file`,
          query: { path: file.path, attempt: attempt.number },
          headers: { accept: "application/octet-stream" },
        }),
      ),
  };
}

async function isThere(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

function gone(path: string): KerutaError {
  return new KerutaError(
    "KRT_ARTIFACT_NOT_FOUND",
    { en: `${path} is not in the store any more.`, ja: `${path} は保存先にもうありません。` },
    {
      hint: {
        en: "Check keruta.artifacts.store with `keruta settings get artifacts.store`, or run the task again.",
        ja: "`keruta settings get artifacts.store` で保存先を確認するか、タスクを再実行してください。",
      },
    },
  );
}
