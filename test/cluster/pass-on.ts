import type { Socket } from "node:net";
import { Transform } from "node:stream";

/**
 * Passes on what comes, both ways; one that ends takes the other along. `open` has both while they are. With `delay`,
 * each piece waits so many milliseconds, and those behind it with it.
 */
export function passOn(client: Socket, upstream: Socket, open: Set<Socket>, delay?: () => number): void {
  for (const [socket, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    open.add(socket);
    socket.on("error", () => other.destroy());
    socket.on("close", () => {
      open.delete(socket);
      other.destroy();
    });
    if (delay) socket.pipe(delayed(delay)).pipe(other);
    else socket.pipe(other);
  }
}

function delayed(delay: () => number): Transform {
  return new Transform({
    transform(chunk, _, done) {
      const milliseconds = delay();
      if (milliseconds === 0) done(null, chunk);
      else setTimeout(() => done(null, chunk), milliseconds);
    },
  });
}
