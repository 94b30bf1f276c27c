import { codeOf } from "@keruta/shared/domain";
import { BrokenPipe, type ColorLevel, type Io, type Sink, type Source } from "../io/io.ts";
import type { ColorMode } from "../context/globals.ts";
import { fileError } from "../files/file-error.ts";
import { colorLevelOf, type Environment } from "./color-level.ts";
import { withoutEcho } from "./without-echo.ts";

/** The process's own streams; each is touched only when it is used, since opening one costs start-up time. */
export function createProcessIo(env: Environment, colorMode: () => ColorMode): Io {
  const level = (isTTY: boolean): ColorLevel => colorLevelOf({ env, isTTY, mode: colorMode() });
  return {
    stdin: stdinSource(),
    stdout: sink(() => process.stdout, "<stdout>", level),
    stderr: sink(() => process.stderr, "<stderr>", level),
  };
}

function sink(open: () => NodeJS.WriteStream, name: string, level: (isTTY: boolean) => ColorLevel): Sink {
  let opened: NodeJS.WriteStream | undefined;
  const stream = () => {
    if (!opened) {
      opened = open();
      // Each write reports its own error; without a listener the stream would throw it once more.
      opened.on("error", () => {});
    }
    return opened;
  };
  return {
    get isTTY() {
      return stream().isTTY;
    },
    get columns() {
      if (!stream().isTTY) return Number.POSITIVE_INFINITY;
      const { columns } = stream();
      // A pseudo-terminal that nobody gave a size has 0.
      return columns > 0 ? columns : 80;
    },
    get colorLevel() {
      return level(stream().isTTY);
    },
    async write(data) {
      const { promise, resolve, reject } = Promise.withResolvers<undefined>();
      stream().write(data, (error) => {
        if (!error) resolve(undefined);
        else if (isGone(error, stream().isTTY)) reject(new BrokenPipe());
        else reject(fileError(error, "write", name) as Error);
      });
      await promise;
    },
  };
}

/** A terminal that was closed says EIO. */
function isGone(error: Error, isTTY: boolean): boolean {
  const code = codeOf(error);
  if (isTTY && code === "EIO") return true;
  return code === "EPIPE" || code === "ECONNRESET" || code === "ERR_STREAM_DESTROYED";
}

function stdinSource(): Source {
  return {
    get isTTY() {
      return process.stdin.isTTY;
    },
    async *chunks() {
      for await (const chunk of process.stdin) yield chunk as Uint8Array;
    },
    withoutEcho,
  };
}
