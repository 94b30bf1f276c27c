import { sql } from "kysely";
import { isProvablyDead, type Holder } from "../holder.ts";
import type { Context } from "./context.ts";
import { all, run, statement, type Program } from "./program.ts";
import { holderOf, holderText } from "./rows.ts";

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
  db.selectFrom("drivers").select("holder").where("alive_until", ">", p.now),
);

export function* announceDriver(holder: Holder, { clock }: Context): Program<void> {
  const now = clock();
  yield* run(deleteGone({ now }));
  yield* run(upsertDriver({ holder: holderText(holder), until: now + driverMilliseconds }));
}

export function* withdrawDriver(holder: Holder): Program<void> {
  yield* run(deleteDriver({ holder: holderText(holder) }));
}

export function* countDrivers({ clock, processes }: Context): Program<number> {
  const rows = yield* all(selectAlive({ now: clock() }));
  return rows.filter(({ holder }) => !isProvablyDead(holderOf(holder), processes)).length;
}
