import { artifactStore } from "../../context/artifact-store.ts";
import type { Context } from "../../context/context.ts";
import { placeOf } from "../../context/database.ts";
import { readSettings } from "../../context/read-settings.ts";
import { untilThere } from "../../context/until-there.ts";
import { upkeepRules } from "../../context/retention.ts";

export interface Upkeep {
  stop(): Promise<void>;
}

/** Keeps the queue's database from growing for ever, as a server does of its own; behind a server it is the server's. */
export async function startUpkeep(context: Context): Promise<Upkeep> {
  if (placeOf(context).kind === "api") return { stop: async () => undefined };
  const { startStoreChores } = await import("@keruta/server/upkeep");
  const { clock, random, machine, paths } = context;
  const store = await untilThere(context, () => context.openStore());
  const stopping = new AbortController();
  const chores = startStoreChores({
    store,
    clock,
    random,
    timers: machine.timers,
    log: wordsTo(context),
    artifactRoot: async () => artifactStore(paths, await readSettings(context)),
    upkeep: async () => upkeepRules(await readSettings(context)),
    stopping: stopping.signal,
  });
  return {
    async stop() {
      stopping.abort();
      await Promise.all(chores.map((chore) => chore.stop()));
      await store.queue.close();
    },
  };
}

function wordsTo(context: Context) {
  const line = (fields: Readonly<Record<string, unknown>>, message: string) => {
    const words = `${message}: ${JSON.stringify(fields)}`;
    return { en: words, ja: words };
  };
  return {
    info: (fields: Readonly<Record<string, unknown>>, message: string) =>
      void context.explain(line(fields, message)),
    warn: (fields: Readonly<Record<string, unknown>>, message: string) =>
      void context.notify(line(fields, message)),
    error: (fields: Readonly<Record<string, unknown>>, message: string) =>
      void context.complain(line(fields, message)),
  };
}
