import { sql } from "kysely";
import type { ChoreLeases } from "../chore-leases.ts";
import type { Context } from "./context.ts";
import { run, statement, type Program } from "./program.ts";
import type { Store } from "./queue.ts";

const acquireLease = statement(
  (_, p: { name: string; owner: string; now: number; until: number }) => sql`
    insert into chore_leases (name, owner, expires_at) values (${p.name}, ${p.owner}, ${p.until})
    on conflict (name) do update set owner = excluded.owner, expires_at = excluded.expires_at
    where chore_leases.owner = excluded.owner or chore_leases.expires_at <= ${p.now}`,
);
const deleteLease = statement((db, p: { name: string; owner: string }) =>
  db.deleteFrom("chore_leases").where("name", "=", p.name).where("owner", "=", p.owner),
);

function* acquire(name: string, owner: string, milliseconds: number, context: Context): Program<boolean> {
  const now = context.clock();
  return (yield* run(acquireLease({ name, owner, now, until: now + milliseconds }))) > 0;
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
