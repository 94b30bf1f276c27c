import { sql } from "kysely";
import type { NewToken, Token } from "../../accounts.ts";
import { newToken, type Context } from "../context.ts";
import { all, first, run, statement, type Program } from "../program.ts";
import type { TokenTable } from "../schema.ts";
import { isoTime, isoTimeOrNull, millisecondsOf } from "../time.ts";
import { namespacesOf } from "./rows.ts";

const insertToken = statement<TokenTable>((db, p) =>
  db.insertInto("tokens").values({
    id: p.id,
    digest: p.digest,
    name: p.name,
    role: p.role,
    namespaces: p.namespaces,
    expires_at: p.expires_at,
    task_id: p.task_id,
    attempt: p.attempt,
    created_at: p.created_at,
    created_by: p.created_by,
    last_used_at: p.last_used_at,
  }),
);

export function* addToken(token: NewToken, context: Context): Program<Token> {
  const row: TokenTable = {
    id: newToken(context).slice(0, 12).toLowerCase(),
    digest: token.digest,
    name: token.name,
    role: token.role,
    namespaces: token.namespaces && JSON.stringify(token.namespaces),
    expires_at: token.expiresAt === null ? null : millisecondsOf(token.expiresAt),
    task_id: token.attempt?.taskId ?? null,
    attempt: token.attempt?.number ?? null,
    created_at: context.clock(),
    created_by: token.createdBy,
    last_used_at: null,
  };
  yield* run(insertToken(row));
  return tokenOf(row);
}

const selectToken = statement((db, p: { digest: string }) =>
  db
    .selectFrom("tokens")
    .selectAll()
    .where("digest", "=", p.digest)
    // An agent's dies with its attempt, whenever it is swept.
    .where(
      sql<boolean>`(task_id is null or exists (
        select 1 from attempts as a
        where a.task_id = tokens.task_id and a.number = tokens.attempt and a.settled_at is null))`,
    ),
);
const updateUse = statement((db, p: { id: string; now: number }) =>
  db.updateTable("tokens").set({ last_used_at: p.now }).where("id", "=", p.id),
);

/** Each use is no write: a token that is used all the time would make every read of the API one. */
const useMilliseconds = 60_000;

export function* findToken(digest: string, { clock }: Context): Program<Token | undefined> {
  const row = yield* first(selectToken({ digest }));
  if (!row || (row.expires_at !== null && row.expires_at <= clock())) return undefined;
  return tokenOf(row);
}

/** A second process may have noted it meanwhile: the later one stands. */
export function* noteUse({ id }: Token, { clock }: Context): Program<void> {
  yield* run(updateUse({ id, now: clock() }));
}

export function mayNoteUse({ lastUsedAt }: Token, { clock }: Context): boolean {
  return lastUsedAt === null || millisecondsOf(lastUsedAt) <= clock() - useMilliseconds;
}

const selectTokens = statement((db) =>
  db
    .selectFrom("tokens")
    .selectAll()
    .where("task_id", "is", null)
    .orderBy("created_at", "desc")
    .orderBy("id"),
);

export function* listTokens(): Program<readonly Token[]> {
  return (yield* all(selectTokens({}))).map(tokenOf);
}

const deleteToken = statement((db, p: { id: string }) => db.deleteFrom("tokens").where("id", "=", p.id));

export function* revokeToken(id: string): Program<boolean> {
  return (yield* run(deleteToken({ id }))) > 0;
}

const deleteExpired = statement((db, p: { now: number }) =>
  db.deleteFrom("tokens").where("expires_at", "<=", p.now),
);
const deleteOfEnded = statement(
  () =>
    sql`delete from tokens where task_id is not null and not exists (
    select 1 from attempts as a
    where a.task_id = tokens.task_id and a.number = tokens.attempt and a.settled_at is null)`,
);

export function* sweepTokens({ clock }: Context): Program<void> {
  yield* run(deleteExpired({ now: clock() }));
  yield* run(deleteOfEnded({}));
}

function tokenOf(row: TokenTable): Token {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    namespaces: namespacesOf(row.namespaces),
    expiresAt: isoTimeOrNull(row.expires_at),
    attempt:
      row.task_id === null || row.attempt === null ? null : { taskId: row.task_id, number: row.attempt },
    createdAt: isoTime(row.created_at),
    createdBy: row.created_by,
    lastUsedAt: isoTimeOrNull(row.last_used_at),
  };
}
