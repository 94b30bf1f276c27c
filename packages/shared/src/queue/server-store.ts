import type { AccountStore, NewAuditEntry } from "./accounts.ts";
import type { LogArchiveStore } from "./archive.ts";
import type { ChoreLeases } from "./chore-leases.ts";
import type { NotifyStore } from "./notify.ts";
import type { Queue } from "./queue.ts";
import type { ReportStore } from "./reports.ts";
import type { RetentionStore } from "./retention.ts";

/** What a server needs besides the queue, in the same database. */
export interface ServerStore {
  /** Closing it closes the others too. */
  readonly queue: Queue;
  readonly accounts: AccountStore;
  readonly reports: ReportStore;
  readonly retention: RetentionStore;
  readonly logArchive: LogArchiveStore;
  readonly choreLeases: ChoreLeases;
  readonly notify: NotifyStore;
  /**
   * Makes one change, by one call of a store, and writes it down in the audit log: both are stored or neither is, so
   * that a change whose entry failed may be made again. `entryOf` gives null where there was nothing to change.
   */
  readonly audited: <R>(
    change: (stores: Pick<ServerStore, "queue" | "accounts">) => Promise<R>,
    entryOf: (result: R) => NewAuditEntry | null,
  ) => Promise<R>;
}
