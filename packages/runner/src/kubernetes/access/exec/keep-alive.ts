import type { WebSocket } from "ws";
import type { AccessDeps } from "../deps.ts";

export interface KeepAlive {
  /** The other side has shown life, or the reader has begun to listen again. */
  heard(): void;
  end(): void;
}

/** Proxies cut what is silent for a minute or less; three pings without any answer are a dead connection. */
const pingMs = 15_000;
const deadMs = 3 * pingMs;

/** Pings while the command is silent. A paused socket hears nothing, so its silence is no sign of death. */
export function keepAlive(socket: WebSocket, { clock, timers }: Pick<AccessDeps, "clock" | "timers">): KeepAlive {
  let heardAt = clock();
  const heard = () => {
    heardAt = clock();
  };
  socket.on("pong", heard);
  socket.on("ping", heard);
  const stop = timers.every(pingMs, () => {
    if (socket.isPaused) heard();
    if (clock() - heardAt >= deadMs) return socket.terminate();
    socket.ping(undefined, undefined, (error) => {
      // The close event tells of a socket that can no longer send.
      if (error) socket.terminate();
    });
  });
  return { heard, end: stop };
}
