import { homedir, hostname, userInfo } from "node:os";
import type { Context } from "../context/context.ts";
import { createContext } from "../context/create-context.ts";
import { openQueue, openStore } from "./open-queue.ts";
import { createMachine } from "./machine.ts";
import { createProcessIo } from "./process-io.ts";
import { createProcessSignals } from "./signals.ts";

/** The context made of this process. */
export function composeContext(crashPoint: (name: string) => void = () => undefined): Context {
  const { env } = process;
  const openingOptions = {
    crashPoint,
    ...(process.platform === "linux" && { fileSystem: linuxFileSystem }),
  };
  const io = createProcessIo(env, () => context.globals.color ?? "auto");
  const context = createContext({
    io,
    env,
    clock: () => Date.now(),
    // Loading node:crypto takes 3 ms, which only commands that write should pay.
    random: (bytes) => process.getBuiltinModule("node:crypto").randomBytes(bytes),
    version: typeof KERUTA_VERSION === "undefined" ? "0.0.0-source" : KERUTA_VERSION,
    directory: process.cwd(),
    home: homedir(),
    user: `${userName()}@${hostname()}`,
    signals: createProcessSignals(),
    machine: createMachine(crashPoint),
    openQueue: (opening) => openQueue(opening, openingOptions),
    openStore: (opening) => openStore(opening, openingOptions),
  });
  return context;
}

async function linuxFileSystem() {
  return (await import("@keruta/shared/queue/sqlite")).linuxFileSystem;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container's user id without an entry in /etc/passwd has no name.
    return String(process.getuid?.() ?? "unknown");
  }
}
