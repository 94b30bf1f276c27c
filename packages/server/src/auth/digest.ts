import { createHash, timingSafeEqual } from "node:crypto";

/** 256 random bits; the prefix lets secret scanners know it. */
export function newSecret(prefix: "krt" | "krs", random: (bytes: number) => Uint8Array): string {
  return `${prefix}_${Buffer.from(random(32)).toString("base64url")}`;
}

/** Hex SHA-256. Of 256 random bits, so nothing is gained by trying. */
export function digestOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}

/** What a page repeats with each change: it follows from the cookie, which no other site can read. */
export function csrfTokenOf(session: string): string {
  return digestOf(`csrf:${session}`);
}

/** In a time that does not depend on how much of them is the same. */
export function isSame(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}
