import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Queue } from "@keruta/shared/queue";
import type { Context } from "../context/context.ts";
import { createContext } from "../context/create-context.ts";
import { openQueue, openStore } from "./open-queue.ts";
import { testIo, type TestIo } from "../io/io.fake.ts";
import type { SignalName } from "../context/signals.ts";

export interface TestContext extends AsyncDisposable {
  readonly context: Context;
  readonly io: TestIo;
  /** The home directory, the working directory and all that is in them. */
  readonly directory: string;
  readonly now: number;
  send(signal: SignalName): void;
  /** How many signals have a listener: none may be left behind. */
  listeners(): number;
  /** The same queue as the command's, seen from another process. */
  queue(): Promise<Queue>;
}

const now = Date.parse("2026-03-01T10:00:00.000Z");

/** Holders of an unknown boot are judged by time alone. */
const nobody = { host: "example", user: "alice", pid: 1, bootId: "", pidNamespace: "", startTime: "" };

function refuse(): never {
  throw new Error("a command that drives no task asked for what driving takes");
}

/** A context with a real queue in a directory of its own. */
export async function testContext(env: Readonly<Record<string, string>> = {}): Promise<TestContext> {
  const directory = await mkdtemp(join(tmpdir(), "keruta-cli-"));
  const io = testIo();
  const listeners = new Set<{ readonly name: SignalName; readonly listener: () => void }>();
  const processes = { self: nobody, startTimeOf: () => undefined };
  const clock = () => now;
  const random = (bytes: number) => randomBytes(bytes);
  const opened: Queue[] = [];
  const context = createContext({
    io,
    env,
    clock,
    random,
    version: "1.2.3",
    directory,
    home: directory,
    user: "alice@example",
    machine: {
      nodeVersion: "24.1.0",
      processes,
      timers: { after: refuse, every },
      get agent(): never {
        return refuse();
      },
      panel: "/nonexistent",
      signalGroup: refuse,
      crashPoint: refuse,
    },
    signals: {
      on(name, listener) {
        const entry = { name, listener };
        listeners.add(entry);
        return () => {
          listeners.delete(entry);
        };
      },
    },
    openQueue,
    openStore,
  });
  return {
    context,
    io,
    directory,
    now,
    send(signal) {
      for (const { name, listener } of Array.from(listeners)) if (name === signal) listener();
    },
    listeners: () => listeners.size,
    async queue() {
      const queue = await openQueue(context);
      opened.push(queue);
      return queue;
    },
    async [Symbol.asyncDispose]() {
      for (const queue of opened) await queue.close();
      await context.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** Of what is renewed while a command works; a test is over before it is due. */
function every(milliseconds: number, act: () => void): () => void {
  const timer = setInterval(act, milliseconds);
  return () => {
    clearInterval(timer);
  };
}
