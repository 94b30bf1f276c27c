import { createServer, type Socket } from "node:net";
import { boundControl, parseControl, runFiles, type Control } from "@keruta/shared/domain";
import { chooseSocketPlace } from "./socket-place.ts";

/**
 * Takes controls from `keruta-agent progress|artifact|log|output` and the driver's stop from `keruta-agent stop`: a
 * line of JSON each, answered by a line.
 */
export interface ControlServer {
  readonly path: string;
  /** From now on controls are refused, and a stop is answered that there is nothing to stop. */
  commandEnded(): void;
  close(): Promise<void>;
}

export interface ControlListener {
  onControl(control: Control): void;
  onStop(): void;
}

export type ControlAnswer =
  | { readonly ok: true; readonly ended: boolean }
  | { readonly ok: false; readonly error: string };

const maxRequestLength = 64 * 1024;
const requestTimeout = 10_000;

/**
 * Rejects with the system's error where no socket can be made. Everyone who reaches the directory may connect: in a
 * Pod these are the task's own containers, under any user; elsewhere the directory lets nobody else in.
 */
export async function openControlServer(
  runDirectory: string,
  listener: ControlListener,
): Promise<ControlServer> {
  const place = await chooseSocketPlace(runDirectory, runFiles.socket);
  const open = new Set<Socket>();
  let hasEnded = false;
  const server = createServer((connection) => {
    open.add(connection);
    connection.once("close", () => open.delete(connection));
    serve(connection, (line) => answerTo(line, hasEnded, listener));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ path: place.path, readableAll: true, writableAll: true }, resolve);
  });
  // A later error is one connection's that could not be accepted; its client is told by the system.
  server.on("error", () => undefined);
  return {
    path: place.path,
    commandEnded() {
      hasEnded = true;
    },
    async close() {
      for (const connection of open) connection.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      await place.remove();
    },
  };
}

function serve(connection: Socket, answer: (line: string) => ControlAnswer): void {
  let request = "";
  connection.setEncoding("utf8");
  connection.setTimeout(requestTimeout, () => connection.destroy());
  // The client went away; what it asked for is done or never came.
  connection.on("error", () => undefined);
  connection.on("data", (text: string) => {
    request += text;
    const end = request.indexOf("\n");
    if (end === -1 && request.length <= maxRequestLength) return;
    connection.removeAllListeners("data").resume();
    const line = end === -1 ? "" : request.slice(0, end);
    connection.end(`${JSON.stringify(answer(line))}\n`);
  });
}

function answerTo(line: string, hasEnded: boolean, listener: ControlListener): ControlAnswer {
  if (isStop(line)) {
    if (!hasEnded) listener.onStop();
    return { ok: true, ended: hasEnded };
  }
  const control = parseControl(line);
  const bounded = control && control.type !== "started" ? boundControl(control) : undefined;
  if (!bounded) return { ok: false, error: "The request is no control of a task." };
  if (hasEnded) return { ok: false, error: "The command has ended." };
  listener.onControl(bounded);
  return { ok: true, ended: false };
}

function isStop(line: string): boolean {
  try {
    return (JSON.parse(line) as { type?: unknown } | null)?.type === "stop";
  } catch {
    // Not JSON, and so no control either: the caller says so.
    return false;
  }
}
