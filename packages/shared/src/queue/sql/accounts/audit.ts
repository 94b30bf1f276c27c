import type { AuditEntry, NewAuditEntry } from "../../accounts.ts";
import type { Context } from "../context.ts";
import { all, run, statement, type Program } from "../program.ts";
import type { AuditTable } from "../schema.ts";
import { isoTime } from "../time.ts";

const insertEntry = statement<Omit<AuditTable, "seq">>((db, p) =>
  db.insertInto("audit").values({
    time: p.time,
    who: p.who,
    action: p.action,
    target: p.target,
    details: p.details,
    address: p.address,
    request_id: p.request_id,
  }),
);

export function* recordAudit(entry: NewAuditEntry, { clock }: Context): Program<void> {
  const { who, action, target, address, requestId } = entry;
  const details = JSON.stringify(entry.details);
  yield* run(insertEntry({ time: clock(), who, action, target, details, address, request_id: requestId }));
}

const selectEntries = statement((db, p: { before: number; limit: number }) =>
  db.selectFrom("audit").selectAll().where("seq", "<", p.before).orderBy("seq", "desc").limit(p.limit),
);

export function* listAudit(filter: {
  readonly limit: number;
  readonly before?: number;
}): Program<readonly AuditEntry[]> {
  const { limit, before = Number.MAX_SAFE_INTEGER } = filter;
  const rows = yield* all(selectEntries({ before, limit }));
  return rows.map(({ seq, time, who, action, target, details, address, request_id }) => ({
    seq,
    time: isoTime(time),
    who,
    action,
    target,
    details: JSON.parse(details) as Readonly<Record<string, unknown>>,
    address,
    requestId: request_id,
  }));
}
