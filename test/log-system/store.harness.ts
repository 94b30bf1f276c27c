import { randomBytes } from "node:crypto";
import { openArchivePlace } from "../../packages/server/src/archive/index.ts";
import type { ServerStore } from "../../packages/shared/src/queue/index.ts";
import { createProcessTable } from "../../packages/shared/src/queue/process-table.ts";
import { openPostgresStore } from "../../packages/shared/src/queue/postgres/open.ts";
import { openSqliteStore } from "../../packages/shared/src/queue/sqlite/open.ts";

export const processes = createProcessTable({ platform: process.platform, pid: process.pid });

/** A queue with a real clock and real archives; `url` is a path or a PostgreSQL URL. */
export async function openStore(url: string): Promise<ServerStore> {
  const options = { processes, clock: Date.now, random: randomBytes, openArchive: openArchivePlace };
  return await (url.startsWith("postgres:")
    ? openPostgresStore({ url, ...options })
    : openSqliteStore({ path: url, ...options }));
}
