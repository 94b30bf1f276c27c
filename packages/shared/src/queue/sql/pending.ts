import { sql } from "kysely";
import { pendingText } from "../../domain/task/pending-text.ts";
import type { BlockReason, Pending, PendingDetails } from "../../domain/task/task.ts";
import { blockedKeys, keyHolders, keysAreFree } from "./concurrency.ts";
import type { Context } from "./context.ts";
import { countDrivers } from "./drivers.ts";
import { pausedSince } from "./meta.ts";
import { first, statement, type Program } from "./program.ts";
import type { TaskRow } from "./schema.ts";
import { isoTime } from "./time.ts";

interface Span {
  readonly now: number;
  readonly rank: number;
  readonly from: number;
  readonly to: number;
}

/** Tasks of one priority that may run, from one age up to another, which is not counted. */
const countWithin = statement(
  (_, p: Span, dialect) =>
    sql<{ n: number }>`select count(*) as n from tasks t ${sql.raw(dialect.byClaimIndex)}
    where t.status = 'PENDING' and t.hold = 0
      and t.priority_rank = ${p.rank} and t.seq >= ${p.from} and t.seq < ${p.to}
      and t.not_before <= ${p.now} and ${keysAreFree}`,
);

/** Tasks that may run of all priorities between two. */
const countBetween = statement(
  (_, p: Pick<Span, "now" | "from" | "to">, dialect) =>
    sql<{ n: number }>`select count(*) as n from tasks t ${sql.raw(dialect.byClaimIndex)}
    where t.status = 'PENDING' and t.hold = 0 and t.priority_rank > ${p.from} and t.priority_rank < ${p.to}
      and t.not_before <= ${p.now} and ${keysAreFree}`,
);

/** Why each of the PENDING ones among `rows` does not run yet, by id. */
export function* pendingOf(
  rows: readonly TaskRow[],
  context: Context,
): Program<ReadonlyMap<string, Pending>> {
  const waiting = rows.filter(({ status }) => status === "PENDING");
  if (waiting.length === 0) return new Map();
  const now = context.clock();
  const paused = yield* pausedSince();
  const found = new Map<string, Pending>();
  const runnable: TaskRow[] = [];
  for (const row of waiting) {
    const block = yield* blockOf(row, now, paused);
    if (block) found.set(row.id, block);
    else runnable.push(row);
  }
  if (runnable.length === 0) return found;
  const nobody = (yield* countDrivers(context)) === 0;
  const ahead = yield* countAhead(runnable, now);
  for (const row of runnable) {
    const count = ahead.get(row.id) ?? 0;
    const block = nobody ? "noDriver" : "priority";
    found.set(row.id, pendingBy(block, row.pending_since, { ahead: count }, count + 1));
  }
  return found;
}

/** What keeps a task from running even if it were first. */
function* blockOf(row: TaskRow, now: number, paused: number | undefined): Program<Pending | undefined> {
  const since = row.pending_since;
  if (row.hold === 1) return pendingBy("held", since, {});
  if (paused !== undefined) return pendingBy("paused", Math.max(since, paused), {});
  if (row.not_before > now) return pendingBy("notBefore", since, { notBefore: isoTime(row.not_before) });
  const [blocked] = row.keyed === 1 ? yield* blockedKeys(row.id) : [];
  if (!blocked) return undefined;
  const holders = yield* keyHolders(row.id, blocked.key);
  const taken = holders.map(({ started_at }) => started_at ?? since);
  return pendingBy("concurrency", Math.max(since, ...taken), {
    concurrencyKey: blocked.key,
    concurrencyLimit: blocked.key_limit,
    heldBy: holders.map(({ id }) => id),
  });
}

/** Walks the order of claiming once, from one row of the page to the next, however long the page is. */
function* countAhead(rows: readonly TaskRow[], now: number): Program<ReadonlyMap<string, number>> {
  const ordered = rows.toSorted((a, b) => a.priority_rank - b.priority_rank || a.seq - b.seq);
  const ahead = new Map<string, number>();
  let from = { rank: Number.MIN_SAFE_INTEGER, seq: 0 };
  let total = 0;
  for (const row of ordered) {
    const to = { rank: row.priority_rank, seq: row.seq };
    if (from.rank === to.rank) {
      total += yield* within(now, to.rank, from.seq, to.seq);
    } else {
      total += yield* within(now, from.rank, from.seq, Number.MAX_SAFE_INTEGER);
      total += (yield* first(countBetween({ now, from: from.rank, to: to.rank })))?.n ?? 0;
      total += yield* within(now, to.rank, 0, to.seq);
    }
    ahead.set(row.id, total);
    from = to;
  }
  return ahead;
}

function* within(now: number, rank: number, from: number, to: number): Program<number> {
  return (yield* first(countWithin({ now, rank, from, to })))?.n ?? 0;
}

function pendingBy(
  blockedBy: BlockReason,
  since: number,
  details: PendingDetails,
  position: number | null = null,
): Pending {
  return {
    position,
    blockedBy,
    message: pendingText(blockedBy, details).en,
    since: isoTime(since),
    details,
  };
}
