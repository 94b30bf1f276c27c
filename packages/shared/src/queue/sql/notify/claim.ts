import { sql } from "kysely";
import { digestOf, type NotifyMessage } from "../../../domain/notify/message.ts";
import type { ChannelTerms, ClaimedDelivery, ClaimedOrWait } from "../../notify.ts";
import { newToken, type Context } from "../context.ts";
import { all, first, lock, run, statement, type Program } from "../program.ts";
import type { DeliveryRow } from "../schema.ts";
import { deliveryOf } from "./deliveries.ts";
import { addDelivery, newDeliveryId } from "./take.ts";

/** More than a digest names are counted only. */
const readAtOnce = 200;

const selectTried = statement((db, p: { channel: string }) =>
  db
    .selectFrom("deliveries")
    .selectAll()
    .where("channel", "=", p.channel)
    .where(sql<boolean>`state = 'waiting'`)
    .where("tries", ">", 0)
    .orderBy("seq")
    .limit(1),
);
const selectSent = statement((db, p: { channel: string; after: number }) =>
  db
    .selectFrom("deliveries")
    .select("ended_at")
    .where("channel", "=", p.channel)
    .where(sql<boolean>`state = 'sent'`)
    .where("ended_at", ">", p.after)
    .orderBy("ended_at"),
);
const selectFresh = statement((db, p: { channel: string }) =>
  db
    .selectFrom("deliveries")
    .selectAll()
    .where("channel", "=", p.channel)
    .where(sql<boolean>`state = 'waiting'`)
    .where("tries", "=", 0)
    .orderBy("seq")
    .limit(1),
);
const take = statement((db, p: { id: string; lease: string; until: number }) =>
  db
    .updateTable("deliveries")
    .set({ lease: p.lease, lease_until: p.until, tries: sql<number>`tries + 1` })
    .where("id", "=", p.id)
    .returningAll(),
);
const selectOne = statement((db, p: { id: string }) =>
  db.selectFrom("deliveries").selectAll().where("id", "=", p.id),
);
const putIntoDigest = statement((db, p: { channel: string; now: number; digest: string }) =>
  db
    .updateTable("deliveries")
    .set({ state: "digested", ended_at: p.now, digest_id: p.digest })
    .where("channel", "=", p.channel)
    .where(sql<boolean>`state = 'waiting'`)
    .where("tries", "=", 0),
);
const selectDigested = statement((db, p: { now: number; digest: string }) =>
  db
    .selectFrom("deliveries")
    .selectAll()
    // For its index: a digest's deliveries all end with it.
    .where("ended_at", "=", p.now)
    .where("digest_id", "=", p.digest)
    .orderBy("seq")
    .limit(readAtOnce),
);
const countFresh = statement((db, p: { channel: string }) =>
  db
    .selectFrom("deliveries")
    .select(sql<number>`count(*)`.as("count"))
    .where("channel", "=", p.channel)
    .where(sql<boolean>`state = 'waiting'`)
    .where("tries", "=", 0),
);

export function* claimDelivery(
  channel: string,
  terms: ChannelTerms,
  context: Context,
): Program<ClaimedOrWait> {
  // What follows counts what the channel got and has under way, which another server must not change meanwhile.
  yield* lock({ of: "channel", channel });
  const now = context.clock();
  const lease = { token: newToken(context), until: now + terms.leaseMilliseconds };
  // One at a time: where the other side is away, all of them would only fail in turn.
  const tried = yield* first(selectTried({ channel }));
  if (tried) {
    const until = Math.max(tried.lease_until, tried.next_try_at);
    return until > now ? { delivery: null, until } : yield* taken(tried.id, lease);
  }
  const sent = yield* all(selectSent({ channel, after: now - terms.rateWindow }));
  const share = terms.rateLimit - sent.length;
  const { count = 0 } = (yield* first(countFresh({ channel }))) ?? {};
  if (count === 0) return { delivery: null, until: null };
  if (share <= 0) return { delivery: null, until: (sent[-share]?.ended_at ?? now) + terms.rateWindow };
  if (count === 1 || share > 1) {
    const next = yield* first(selectFresh({ channel }));
    if (!next) throw new Error("a delivery that was counted is gone");
    return yield* taken(next.id, lease);
  }
  const id = newDeliveryId(context);
  // More may be there than were counted above: what is marked here is what the digest tells of.
  const total = yield* run(putIntoDigest({ channel, now, digest: id }));
  const messages = (yield* all(selectDigested({ now, digest: id }))).map(messageOf);
  yield* addDelivery({ id, channel, message: digestOf(messages, total) }, lease, context);
  const digest = yield* first(selectOne({ id }));
  if (!digest) throw new Error("a digest that was added is gone");
  return { delivery: claimedOf(digest, lease.token) };
}

function* taken(id: string, { token, until }: { token: string; until: number }): Program<ClaimedOrWait> {
  const row = yield* first(take({ id, lease: token, until }));
  if (!row) throw new Error("a delivery that was found is gone");
  return { delivery: claimedOf(row, token) };
}

function claimedOf(row: DeliveryRow, lease: string): ClaimedDelivery {
  return { ...deliveryOf(row), lease };
}

function messageOf({ message }: DeliveryRow): NotifyMessage {
  return JSON.parse(message) as NotifyMessage;
}
