import { createReadStream, createWriteStream, fstatSync } from "node:fs";
import { Socket } from "node:net";
import type { Readable, Writable } from "node:stream";
import { codeOf } from "@keruta/shared/domain";
import type { Host } from "../host/host.ts";
import { launcherOf, revealVariables } from "./launcher.ts";

/** The process as the agent's inputs. */
export function createHost(): Host {
  const env = revealVariables(withoutUndefined(process.env));
  return {
    args: process.argv.slice(2),
    env,
    launcher: launcherOf(env),
    pid: process.pid,
    platform: process.platform,
    arch: process.arch,
    directory: process.cwd(),
    clock: () => Date.now(),
    random: () => Math.random(),
    fetch: (...request) => fetch(...request),
    openInput,
    openOutput,
    complain: (line) => void process.stderr.write(`${line}\n`),
    print: (text) => void process.stdout.write(text),
    signal(pid, name) {
      try {
        return process.kill(pid, name);
      } catch (error) {
        const code = codeOf(error);
        // EPERM: there is one, of another user.
        if (code === "ESRCH" || code === "EPERM") return code === "EPERM";
        throw error;
      }
    },
    setUmask: (mask) => void process.umask(mask),
    onSignal: (name, listener) => void process.on(name, listener),
  };
}

function openInput(fd: number): Readable {
  return isPipe(fd) ? new Socket({ fd, readable: true, writable: false }) : createReadStream("", { fd });
}

/** `process.stdout` would block the whole agent, timeout and signals included, when its reader stalls. */
function openOutput(fd: number): Writable {
  return isPipe(fd)
    ? new Socket({ fd, readable: false, writable: true })
    : createWriteStream("", { fd, autoClose: false });
}

function isPipe(fd: number): boolean {
  const stats = fstatSync(fd);
  return stats.isFIFO() || stats.isSocket();
}

function withoutUndefined(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}
