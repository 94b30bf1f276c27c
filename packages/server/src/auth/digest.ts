import { timingSafeEqual } from "node:crypto";
import { digestOf } from "@keruta/shared/queue";

export { digestOf, newSecret } from "@keruta/shared/queue";

/** What a page repeats with each change: it follows from the cookie, which no other site can read. */
export function csrfTokenOf(session: string): string {
  return digestOf(`csrf:${session}`);
}

/** In a time that does not depend on how much of them is the same. */
export function isSame(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}
