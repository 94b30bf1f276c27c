import { access } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { KerutaError, runFiles } from "@keruta/shared/domain";
import { chooseSocketPlace } from "../socket/socket-place.ts";

export interface Acknowledgement {
  readonly isHere: boolean;
  readonly here: Promise<void>;
}

/**
 * The driver's word that it has all that it wanted: a file, which outlives a restart of the sidecar, and a
 * connection to a socket, which tells of it at once. (To watch the directory would take one of 128 inotify
 * instances that a user has on a whole node.) Throws KRT_AGENT where the run directory holds no socket.
 */
export async function awaitAcknowledgement(runDirectory: string): Promise<Acknowledgement> {
  const file = join(runDirectory, runFiles.acknowledged);
  const place = await chooseSocketPlace(runDirectory, runFiles.sidecarSocket);
  let isHere = false;
  let settle: (() => void) | undefined;
  const here = new Promise<void>((resolve) => {
    settle = resolve;
  });
  const look = async (): Promise<void> => {
    isHere ||= await exists(file);
    if (isHere) settle?.();
  };
  // Heard when the messenger has ended, with its own exit code: the sidecar's end would kill it.
  const server = createServer({ allowHalfOpen: true }, (connection) => {
    connection.on("error", () => undefined);
    connection.once("close", () => void look());
    connection.resume();
    connection.write("ok\n");
    connection.once("end", () => connection.end());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(noSocket(place.path, error)));
    server.listen({ path: place.path, readableAll: true, writableAll: true }, resolve);
  });
  server.on("error", () => undefined);
  // After the socket is there: what comes between is told by it.
  await look();
  return {
    get isHere() {
      return isHere;
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
