import type { KerutaError, Text } from "@keruta/shared/domain";
import { patientQueue, type Queue, type ServerStore } from "@keruta/shared/queue";
import type { FileSystem } from "@keruta/shared/queue/sqlite";
import type { Context } from "../context/context.ts";
import { databaseOf, placeOf } from "../context/database.ts";

export interface QueueOpening {
  readonly crashPoint?: (name: string) => void;
  /** How network file systems are told, where they can be. */
  readonly fileSystem?: () => Promise<FileSystem>;
}

/** Opens the command's queue, with the driver of its database or the API's client only. */
export async function openQueue(context: Context, opening: QueueOpening = {}): Promise<Queue> {
  return patientQueue(await openImpatient(context, opening), {
    clock: context.clock,
    onTrouble: (error) => void context.notify(tryingAgain(error)),
  });
}

async function openImpatient(context: Context, opening: QueueOpening): Promise<Queue> {
  const place = placeOf(context);
  if (place.kind !== "api") return (await openStore(context, opening)).queue;
  const { openApiQueue } = await import("@keruta/shared/api");
  const { apiOptions } = await import("../api/api-options.ts");
  return await openApiQueue(await apiOptions(context, place.url));
}

/** The command's queue with the accounts, on the database itself. */
export async function openStore(context: Context, opening: QueueOpening = {}): Promise<ServerStore> {
  const { clock, random, env, user: createdBy, machine } = context;
  const { crashPoint, fileSystem } = opening;
  const options = {
    clock,
    random,
    createdBy,
    processes: machine.processes,
    firstSettings: async () => {
      const { firstSettings } = await import("../first-boot/first-settings.ts");
      return await firstSettings(context);
    },
    openArchive: async (location: string) => {
      const { openArchivePlace } = await import("@keruta/server/archive");
      return await openArchivePlace(location);
    },
    ...(crashPoint && { crashPoint }),
  };
  const database = databaseOf(context);
  if (database.kind === "postgres") {
    const { openPostgresStore } = await import("@keruta/shared/queue/postgres");
    return await openPostgresStore({ ...options, url: database.url, env, followServerClock: true });
  }
  const { openSqliteStore } = await import("@keruta/shared/queue/sqlite");
  return await openSqliteStore({
    ...options,
    path: database.path,
    ...(fileSystem && { fileSystem: await fileSystem() }),
  });
}

function tryingAgain({ text }: KerutaError): Text {
  return { en: `${text.en} Trying again for a minute.`, ja: `${text.ja} 1 分間、再試行します。` };
}
