import { access } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { KerutaError, runFiles } from "@keruta/shared/domain";
import { chooseSocketPlace } from "../socket/socket-place.ts";

export interface Acknowledgement {
  /** Whether it has come; waits for a messenger that is at it. */
  isHere(): Promise<boolean>;
  readonly here: Promise<void>;
}

/**
 * The driver's word that it has all that it wanted: a file, which outlives a restart of the sidecar, and a
 * connection to a socket, which tells of it at once. (To watch the directory would take one of 128 inotify
 * instances that a user has on a whole node.) A messenger connects, writes the file and ends: it is heard when it
 * has ended, since the sidecar's own end would kill it. Throws KRT_AGENT where the run directory holds no socket.
 */
export async function awaitAcknowledgement(runDirectory: string): Promise<Acknowledgement> {
  const file = join(runDirectory, runFiles.acknowledged);
  const place = await chooseSocketPlace(runDirectory, runFiles.sidecarSocket);
  const messengers = new Set<Promise<void>>();
  let settle: (() => void) | undefined;
  const here = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const server = createServer({ allowHalfOpen: true }, (connection) => {
    const ended = new Promise<void>((resolve) => {
      connection.once("close", () => resolve());
    });
    messengers.add(ended);
    void ended.then(async () => {
      messengers.delete(ended);
      if (await exists(file)) settle?.();
    });
    connection.on("error", () => undefined);
    connection.resume();
    connection.write("ok\n");
    connection.once("end", () => connection.end());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(noSocket(place.path, error)));
    server.listen({ path: place.path, readableAll: true, writableAll: true }, resolve);
  });
  // A later error is one connection's that could not be accepted; its messenger is told by the system.
  server.on("error", () => undefined);
  return {
    async isHere() {
      await Promise.all(messengers);
      return await exists(file);
    },
    here,
  };
}

async function exists(file: string): Promise<boolean> {
  return await access(file).then(
    () => true,
    // Not there, or out of reach, which is the same to a sidecar that waits for it.
    () => false,
  );
}

function noSocket(path: string, cause: NodeJS.ErrnoException): KerutaError {
  return new KerutaError(
    "KRT_AGENT",
    {
      en: `The sidecar cannot listen at ${path} (${cause.code ?? cause.message}).`,
      ja: `サイドカーが ${path} で待ち受けできません (${cause.code ?? cause.message})。`,
    },
    {
      cause,
      hint: {
        en: "The run directory must be there and writable.",
        ja: "実行ディレクトリが存在し、書き込み可能であることを確認してください。",
      },
    },
  );
}
