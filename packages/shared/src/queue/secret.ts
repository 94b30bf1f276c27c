import { createHash } from "node:crypto";

/** 256 random bits; the prefix lets secret scanners know it. */
export function newSecret(prefix: "krt" | "krs", random: (bytes: number) => Uint8Array): string {
  return `${prefix}_${Buffer.from(random(32)).toString("base64url")}`;
}

/** Hex SHA-256. Of 256 random bits, so nothing is gained by trying. */
export function digestOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
