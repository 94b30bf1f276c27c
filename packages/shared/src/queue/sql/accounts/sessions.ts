import type { NewSession, Session } from "../../accounts.ts";
import type { Context } from "../context.ts";
import { first, run, statement, type Program } from "../program.ts";
import { isoTime, millisecondsOf } from "../time.ts";
import { userOf } from "./rows.ts";

const insertSession = statement((db, p: { digest: string; user: string; now: number; expiresAt: number }) =>
  db.insertInto("sessions").values({
    digest: p.digest,
    user_name: p.user,
    created_at: p.now,
    expires_at: p.expiresAt,
  }),
);

export function* addSession(session: NewSession, { clock }: Context): Program<void> {
  const { digest, user } = session;
  yield* run(insertSession({ digest, user, now: clock(), expiresAt: millisecondsOf(session.expiresAt) }));
}

const selectSession = statement((db, p: { digest: string; now: number }) =>
  db
    .selectFrom("sessions as s")
    .innerJoin("users as u", "u.name", "s.user_name")
    .select("s.expires_at")
    .select(["u.name", "u.role", "u.namespaces", "u.created_at", "u.last_login_at"])
    .where("s.digest", "=", p.digest)
    .where("s.expires_at", ">", p.now),
);

export function* findSession(digest: string, { clock }: Context): Program<Session | undefined> {
  const row = yield* first(selectSession({ digest, now: clock() }));
  return (
    row && {
      expiresAt: isoTime(row.expires_at),
      user: userOf(row),
    }
  );
}

const deleteSession = statement((db, p: { digest: string }) =>
  db.deleteFrom("sessions").where("digest", "=", p.digest),
);
const deleteSessionsOf = statement((db, p: { user: string }) =>
  db.deleteFrom("sessions").where("user_name", "=", p.user),
);
const deleteExpired = statement((db, p: { now: number }) =>
  db.deleteFrom("sessions").where("expires_at", "<=", p.now),
);

export function* endSession(digest: string): Program<void> {
  yield* run(deleteSession({ digest }));
}

export function* endSessionsOf(user: string): Program<void> {
  yield* run(deleteSessionsOf({ user }));
}

export function* sweepSessions({ clock }: Context): Program<void> {
  yield* run(deleteExpired({ now: clock() }));
}
