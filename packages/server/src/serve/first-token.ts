import type { AccountStore } from "@keruta/shared/queue";
import { digestOf, newSecret } from "../auth/digest.ts";

export interface FirstTokenOptions {
  readonly accounts: AccountStore;
  readonly random: (bytes: number) => Uint8Array;
  /** Puts the token where its owner finds it: a terminal, a file, a Secret. */
  readonly publish: (token: string) => Promise<void>;
}

/**
 * The token of the first administrator, where nobody can log in yet. It is published before it is stored: a crash in
 * between leaves a token that opens nothing, and the next start makes another.
 */
export async function makeFirstToken({ accounts, random, publish }: FirstTokenOptions): Promise<boolean> {
  if ((await accounts.listTokens()).length > 0 || (await accounts.listUsers()).length > 0) return false;
  const secret = newSecret("krt", random);
  await publish(secret);
  await accounts.addToken({
    name: "first-admin",
    role: "admin",
    digest: digestOf(secret),
    namespaces: null,
    expiresAt: null,
    attempt: null,
    createdBy: "keruta serve",
  });
  return true;
}
