import type { ServerStore } from "../server-store.ts";
import { createSqlAccounts } from "./accounts/store.ts";
import { createSqlLogArchive } from "./archive/store.ts";
import { createAudited } from "./audited.ts";
import { createSqlChoreLeases } from "./chore-leases.ts";
import { createSqlNotify } from "./notify/store.ts";
import { createSqlQueue, type QueueParts } from "./queue.ts";
import { createSqlReports } from "./reports/store.ts";
import { createSqlRetention } from "./retention/store.ts";

/** All that lies in one database. */
export function createSqlServerStore(parts: QueueParts): ServerStore {
  const { store, context } = parts;
  return {
    queue: createSqlQueue(parts),
    accounts: createSqlAccounts(store, context),
    reports: createSqlReports(store, context),
    retention: createSqlRetention(store, context),
    logArchive: createSqlLogArchive(store, context),
    notify: createSqlNotify(store, context),
    choreLeases: createSqlChoreLeases(store, context),
    audited: createAudited(parts),
  };
}
