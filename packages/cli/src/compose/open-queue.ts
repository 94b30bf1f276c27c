import type { KerutaError, Text } from "@keruta/shared/domain";
import { patientQueue, type Queue } from "@keruta/shared/queue";
import type { FileSystem } from "@keruta/shared/queue/sqlite";
import type { Context } from "../context/context.ts";
import { databaseOf } from "../context/database.ts";

export interface QueueOpening {
  readonly crashPoint?: (name: string) => void;
  /** How network file systems are told, where they can be. */
  readonly fileSystem?: () => Promise<FileSystem>;
}

/** Opens the command's queue with the driver of its database only. */
export async function openQueue(context: Context, opening: QueueOpening = {}): Promise<Queue> {
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
    ...(crashPoint && { crashPoint }),
  };
  const database = databaseOf(context);
  if (database.kind === "postgres") {
    const { openPostgresQueue } = await import("@keruta/shared/queue/postgres");
    const queue = await openPostgresQueue({ ...options, url: database.url, env, followServerClock: true });
    return patientQueue(queue, { clock, onTrouble: (error) => void context.notify(tryingAgain(error)) });
  }
  const { openSqliteQueue } = await import("@keruta/shared/queue/sqlite");
  return await openSqliteQueue({
    ...options,
    path: database.path,
    ...(fileSystem && { fileSystem: await fileSystem() }),
  });
}

function tryingAgain({ text }: KerutaError): Text {
  return { en: `${text.en} Trying again for a minute.`, ja: `${text.ja} 1 分間、再試行します。` };
}
