import { sql } from "kysely";
import type {
  ComparedPassword,
  LoginFailure,
  NewUser,
  RecordedLogin,
  StoredUser,
  User,
  UserChange,
} from "../../accounts.ts";
import type { Context } from "../context.ts";
import { all, first, query, run, statement, type Program, type Query } from "../program.ts";
import type { UserTable } from "../schema.ts";
import { isoTimeOrNull, millisecondsOf } from "../time.ts";
import { userOf } from "./rows.ts";
import { addSession, endSessionsOf } from "./sessions.ts";

const insertUser = statement<Omit<UserTable, "failures" | "locked_until" | "last_login_at">>((db, p) =>
  db
    .insertInto("users")
    .values({
      name: p.name,
      role: p.role,
      namespaces: p.namespaces,
      password_hash: p.password_hash,
      created_at: p.created_at,
      failures: 0,
      locked_until: null,
      last_login_at: null,
    })
    .onConflict((conflict) => conflict.column("name").doNothing()),
);

export function* addUser(user: NewUser, { clock }: Context): Program<boolean> {
  const inserted = yield* run(
    insertUser({
      name: user.name,
      role: user.role,
      namespaces: user.namespaces && JSON.stringify(user.namespaces),
      password_hash: user.passwordHash,
      created_at: clock(),
    }),
  );
  return inserted > 0;
}

const selectUser = statement((db, p: { name: string }) =>
  db.selectFrom("users").selectAll().where("name", "=", p.name),
);
const selectUserToChange = statement((db, p: { name: string }, dialect) =>
  db.selectFrom("users").selectAll().where("name", "=", p.name).modifyEnd(sql.raw(dialect.lockRow)),
);
const selectUsers = statement((db) => db.selectFrom("users").selectAll().orderBy("name"));

export function* findUser(name: string): Program<StoredUser | undefined> {
  const row = yield* first(selectUser({ name }));
  return (
    row && {
      ...userOf(row),
      passwordHash: row.password_hash,
      failures: row.failures,
      lockedUntil: isoTimeOrNull(row.locked_until),
    }
  );
}

export function* listUsers(): Program<readonly User[]> {
  return (yield* all(selectUsers({}))).map(userOf);
}

export function* updateUser(name: string, change: UserChange): Program<boolean> {
  const { role, namespaces, passwordHash } = change;
  const columns = {
    ...(role !== undefined && { role }),
    ...(namespaces !== undefined && { namespaces: namespaces && JSON.stringify(namespaces) }),
    ...(passwordHash !== undefined && { password_hash: passwordHash, failures: 0, locked_until: null }),
  };
  if (Object.keys(columns).length === 0) return (yield* first(selectUser({ name }))) !== undefined;
  const changed = yield* run(query((db) => db.updateTable("users").set(columns).where("name", "=", name)));
  if (changed > 0) yield* endSessionsOf(name);
  return changed > 0;
}

const deleteRow = statement((db, p: { name: string }) => db.deleteFrom("users").where("name", "=", p.name));

export function* deleteUser(name: string): Program<boolean> {
  return (yield* run(deleteRow({ name }))) > 0;
}

const updateFailure = statement((db, p: { name: string; failures: number; lockedUntil: number | null }) =>
  db
    .updateTable("users")
    .set({ failures: p.failures, locked_until: p.lockedUntil })
    .where("name", "=", p.name),
);
const updateLogin = statement((db, p: { name: string; now: number }) =>
  db
    .updateTable("users")
    .set({ failures: 0, locked_until: null, last_login_at: p.now })
    .where("name", "=", p.name),
);

/** On the row as it is by now: many passwords may be compared at a time. */
export function* recordLogin(
  name: string,
  { passwordHash, after, session }: ComparedPassword,
  context: Context,
): Program<RecordedLogin | undefined> {
  const row = yield* first(selectUserToChange({ name }));
  if (row?.password_hash !== passwordHash) return undefined;
  const now = context.clock();
  const isLocked = row.locked_until !== null && row.locked_until > now;
  if (isLocked) return { lockedUntil: isoTimeOrNull(row.locked_until) };
  yield* run(after ? failureOf(name, after(row.failures, now)) : updateLogin({ name, now }));
  if (!after && session) yield* addSession(session, context);
  return { lockedUntil: null };
}

function failureOf(name: string, { failures, lockedUntil }: LoginFailure): Query<unknown> {
  return updateFailure({
    name,
    failures,
    lockedUntil: lockedUntil === null ? null : millisecondsOf(lockedUntil),
  });
}
