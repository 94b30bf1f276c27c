import type { Writable } from "node:stream";

/** Bytes on their way to a file or a pipe, with a bound on what waits in memory. */
export interface Outlet {
  write(bytes: Uint8Array): void;
  /** False while so much waits that reading has to pause. */
  readonly hasRoom: boolean;
  /** Resolves when there is room again. */
  room(): Promise<void>;
  /** Resolves when all that was written is out, or the outlet is broken. */
  flushed(): Promise<void>;
  /** Why nothing can be written any more: the system's code, as `EPIPE`. */
  readonly broken: string | null;
}

const maxWaitingBytes = 512 * 1024;

/** After an error an outlet takes bytes and drops them: output that nobody reads must not stop the command. */
export function createOutlet(stream: Writable): Outlet {
  let broken: string | null = null;
  let waiting: (() => void)[] = [];
  let pending = 0;

  const wake = (): void => {
    if (broken === null && pending > maxWaitingBytes / 2) return;
    const woken = waiting;
    waiting = [];
    for (const resolve of woken) resolve();
  };
  stream.on("error", (error: NodeJS.ErrnoException) => {
    broken ??= error.code ?? error.message;
    pending = 0;
    wake();
  });

  return {
    write(bytes) {
      if (broken !== null || bytes.length === 0) return;
      pending += bytes.length;
      stream.write(bytes, () => {
        pending -= bytes.length;
        wake();
      });
    },
    get hasRoom() {
      return broken !== null || pending < maxWaitingBytes;
    },
    async room() {
      while (broken === null && pending >= maxWaitingBytes) {
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    async flushed() {
      while (broken === null && pending > 0) {
        await new Promise<void>((resolve) => stream.write(new Uint8Array(0), () => resolve()));
      }
    },
    get broken() {
      return broken;
    },
  };
}
