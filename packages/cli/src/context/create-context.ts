import type { Language, Text } from "@keruta/shared/domain";
import type { Queue, ServerStore } from "@keruta/shared/queue";
import { prefixed } from "../errors/report.ts";
import type { Context } from "./context.ts";
import { refuseTwoQueues } from "./database.ts";
import type { GlobalOptions } from "./globals.ts";
import type { Io } from "../io/io.ts";
import { writeWords } from "../io/write-words.ts";
import { languageOf } from "./language.ts";
import type { Machine } from "./machine.ts";
import { xdgPaths } from "./paths.ts";
import type { Signals } from "./signals.ts";

/** What only the composition root can give. */
export interface Surroundings {
  readonly io: Io;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: () => number;
  readonly random: (bytes: number) => Uint8Array;
  readonly version: string;
  readonly directory: string;
  readonly home: string;
  readonly user: string;
  readonly signals: Signals;
  readonly machine: Machine;
  readonly openQueue: (context: Context) => Promise<Queue>;
  readonly openStore: (context: Context) => Promise<ServerStore>;
}

/** The context of one command line. */
export function createContext(surroundings: Surroundings): Context {
  const { io, env, home, openQueue, openStore } = surroundings;
  let globals: GlobalOptions = {};
  let queue: Promise<Queue> | undefined;
  const language = (): Language => globals.lang ?? languageOf(env);
  const translate = (text: Text) => text[language()];
  const say = async (text: Text) => {
    await writeWords(io.stderr, prefixed(translate(text)));
  };
  const context: Context = {
    ...surroundings,
    paths: xdgPaths(env, home),
    trailing: [],
    trustsDirectory: false,
    exitCode: 0,
    get language() {
      return language();
    },
    get globals() {
      return globals;
    },
    translate,
    openQueue: () =>
      (queue ??= openQueue(context).catch((error: unknown) => {
        // Whoever asks again means to try again.
        queue = undefined;
        throw error;
      })),
    openStore: () => openStore(context),
    settings: async () => {
      const { readSettings } = await import("./read-settings.ts");
      return await readSettings(context);
    },
    notify: async (text) => {
      if (!globals.quiet) await say(text);
    },
    complain: say,
    explain: async (text) => {
      if (globals.verbose && !globals.quiet) await say(text);
    },
    configure(options) {
      globals = options;
      refuseTwoQueues(globals);
    },
    async close() {
      // One that could not be opened has told its error already.
      const opened = await queue?.catch(() => undefined);
      queue = undefined;
      await opened?.close();
    },
  };
  return context;
}
