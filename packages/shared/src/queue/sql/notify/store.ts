import type { NotifyStore } from "../../notify.ts";
import type { Context } from "../context.ts";
import type { Store } from "../queue.ts";
import { claimDelivery } from "./claim.ts";
import { noteMissedDeadlines } from "./deadlines.ts";
import { listDeliveries, recordOutcome, sweepDeliveries } from "./deliveries.ts";
import { agenda, listDue } from "./due.ts";
import { takeNotices } from "./take.ts";
import { setWatch } from "./watch.ts";

/** Notices and deliveries over any SQL database. */
export function createSqlNotify({ read, write }: Store, context: Context): NotifyStore {
  return {
    setWatch: (watch) => write(() => setWatch(watch)),
    agenda: () => read(() => agenda(context)),
    noteMissedDeadlines: () => write(() => noteMissedDeadlines(context)),
    listDue: (windowMilliseconds, from) => read(() => listDue(windowMilliseconds, from, context)),
    takeNotices: (taskId, make) => write(() => takeNotices(taskId, make, context), "notify"),
    claimDelivery: (channel, terms) => write(() => claimDelivery(channel, terms, context)),
    recordOutcome: (delivery, outcome) => write(() => recordOutcome(delivery, outcome, context)),
    listDeliveries: (filter) => read(() => listDeliveries(filter)),
    sweepDeliveries: (milliseconds) => write(() => sweepDeliveries(milliseconds, context)),
  };
}
