import type { WebSocket } from "ws";
import type { AccessDeps } from "../deps.ts";

export interface KeepAlive {
  /** The other side has shown life, or the reader has begun to listen again. */
  heard(): void;
  end(): void;
}

/** Proxies cut what is silent for a minute or less. */
const pingMs = 15_000;
/** That many pings without any answer are a dead connection. */
const deadPings = 3;

/** Pings while the command is silent. A paused socket hears nothing, so its silence is no sign of death. */
export function keepAlive(socket: WebSocket, { timers }: Pick<AccessDeps, "timers">): KeepAlive {
  let unanswered = 0;
  const heard = () => {
    unanswered = 0;
  };
  socket.on("pong", heard);
  socket.on("ping", heard);
  const stop = timers.every(pingMs, () => {
    if (socket.isPaused) heard();
    if (unanswered >= deadPings) return socket.terminate();
    unanswered += 1;
    socket.ping(undefined, undefined, (error) => {
      // The close event tells of a socket that can no longer send.
      if (error) socket.terminate();
    });
  });
  return { heard, end: stop };
}
