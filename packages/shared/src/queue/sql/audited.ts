import type { ServerStore } from "../server-store.ts";
import { recordAudit } from "./accounts/audit.ts";
import { createSqlAccounts } from "./accounts/store.ts";
import { createSqlQueue, type QueueParts, type Store } from "./queue.ts";

/** Changes whose transaction ends with their entry in the audit log. */
export function createAudited(parts: QueueParts): ServerStore["audited"] {
  const { store, context } = parts;
  return (change, entryOf) => {
    const write: Store["write"] = (program, ...how) =>
      store.write(
        function* () {
          const result = yield* program();
          // What a method gives is what its program returns.
          const entry = entryOf(result as never);
          if (entry) yield* recordAudit(entry, context);
          return result;
        },
        ...how,
      );
    const within = { ...parts, store: { ...store, write } };
    return change({ queue: createSqlQueue(within), accounts: createSqlAccounts(within.store, context) });
  };
}
