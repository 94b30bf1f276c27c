import { sql } from "kysely";
import { holderName, isProvablyDead, type Holder } from "../holder.ts";
import type { LiveDriver } from "../queue.ts";
import type { Context } from "./context.ts";
import { all, run, statement, type Program } from "./program.ts";
import { holderOf, holderText } from "./rows.ts";
import { isoTime } from "./time.ts";

/** How long one announcement counts. */
const driverMilliseconds = 60_000;

const upsertDriver = statement((db, p: { holder: string; until: number }) =>
  db
    .insertInto("drivers")
    .values({ holder: p.holder, alive_until: p.until })
    .onConflict((conflict) =>
      conflict.column("holder").doUpdateSet({ alive_until: sql<number>`excluded.alive_until` }),
    ),
);
const deleteDriver = statement((db, p: { holder: string }) =>
  db.deleteFrom("drivers").where("holder", "=", p.holder),
);
const deleteGone = statement((db, p: { now: number }) =>
  db.deleteFrom("drivers").where("alive_until", "<=", p.now),
);
const selectAlive = statement((db, p: { now: number }) =>
  db.selectFrom("drivers").selectAll().where("alive_until", ">", p.now),
);

export function* announceDriver(holder: Holder, { clock }: Context): Program<void> {
  const now = clock();
  yield* run(deleteGone({ now }));
  yield* run(upsertDriver({ holder: holderText(holder), until: now + driverMilliseconds }));
}

export function* withdrawDriver(holder: Holder): Program<void> {
  yield* run(deleteDriver({ holder: holderText(holder) }));
}

function* aliveDrivers({ clock, processes }: Context) {
  const rows = yield* all(selectAlive({ now: clock() }));
  return rows.filter(({ holder }) => !isProvablyDead(holderOf(holder), processes));
}

export function* countDrivers(context: Context): Program<number> {
  return (yield* aliveDrivers(context)).length;
}

const countLeases = statement((db) =>
  db
    .selectFrom("attempts")
    .select(["holder", sql<number>`count(*)`.as("attempts")])
    .where("settled_at", "is", null)
    .groupBy("holder"),
);

export function* listDrivers(context: Context): Program<readonly LiveDriver[]> {
  const leases = new Map((yield* all(countLeases({}))).map((row) => [row.holder, row.attempts]));
  const drivers = (yield* aliveDrivers(context)).map(({ holder, alive_until }) => ({
    name: holderName(holderOf(holder)),
    aliveUntil: isoTime(alive_until),
    attempts: leases.get(holder) ?? 0,
  }));
  return drivers.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
