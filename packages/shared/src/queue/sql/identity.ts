import { createHash } from "node:crypto";

/** 128 bits, in hex. */
export function randomToken(random: (bytes: number) => Uint8Array): string {
  return Buffer.from(random(16)).toString("hex");
}

/** SHA-256 of a value as JSON with sorted keys, in hex: the same content gives the same digest. */
export function contentDigest(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(sorted(value)))
    .digest("hex");
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)]),
  );
}
