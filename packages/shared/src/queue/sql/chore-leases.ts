import { isProvablyDead } from "../holder.ts";
import type { ChoreLeases } from "../chore-leases.ts";
import type { Context } from "./context.ts";
import { first, run, statement, type Program } from "./program.ts";
import type { Store } from "./queue.ts";
import { holderOf, holderText } from "./rows.ts";

interface LeaseRow {
  readonly name: string;
  readonly owner: string;
  readonly holder: string;
  readonly expires_at: number;
}

const selectLease = statement((db, p: { name: string }) =>
  db.selectFrom("chore_leases").selectAll().where("name", "=", p.name),
);
const insertLease = statement((db, p: LeaseRow) =>
  db
    .insertInto("chore_leases")
    .values({ name: p.name, owner: p.owner, holder: p.holder, expires_at: p.expires_at })
    .onConflict((conflict) => conflict.doNothing()),
);
/** Only as it was seen: of two that find the same dead owner one has it. */
const updateLease = statement((db, p: LeaseRow & { seen: string }) =>
  db
    .updateTable("chore_leases")
    .set({ owner: p.owner, holder: p.holder, expires_at: p.expires_at })
    .where("name", "=", p.name)
    .where("owner", "=", p.seen),
);
const deleteLease = statement((db, p: { name: string; owner: string }) =>
  db.deleteFrom("chore_leases").where("name", "=", p.name).where("owner", "=", p.owner),
);

function* acquire(
  name: string,
  owner: string,
  milliseconds: number,
  { clock, processes }: Context,
): Program<boolean> {
  const now = clock();
  const lease = { name, owner, holder: holderText(processes.self), expires_at: now + milliseconds };
  const row = yield* first(selectLease({ name }));
  if (!row) return (yield* run(insertLease(lease))) > 0;
  const isFree =
    row.owner === owner || row.expires_at <= now || isProvablyDead(holderOf(row.holder), processes);
  return isFree && (yield* run(updateLease({ ...lease, seen: row.owner }))) > 0;
}

function* release(name: string, owner: string): Program<void> {
  yield* run(deleteLease({ name, owner }));
}

/** Leases of chores over any SQL database. */
export function createSqlChoreLeases({ write }: Store, context: Context): ChoreLeases {
  return {
    acquireChore: (name, owner, milliseconds) => write(() => acquire(name, owner, milliseconds, context)),
    releaseChore: (name, owner) => write(() => release(name, owner)),
  };
}
