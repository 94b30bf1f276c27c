import { KerutaError } from "@keruta/shared/domain";
import type { ComparedPassword, RecordedLogin, User } from "@keruta/shared/queue";
import type { ServerDeps } from "../deps/env.ts";
import { afterFailure } from "./lock-out.ts";
import { hashPassword, isPassword } from "./password.ts";
import { tooMany } from "./refusals.ts";

type Accept = (right: ComparedPassword) => Promise<RecordedLogin | undefined>;
type LoginDeps = Pick<ServerDeps, "accounts" | "clock" | "random">;

/**
 * The user whose password it is. Throws KRT_SERVER_UNAUTHORIZED, in the same time whether or not there is such a name.
 * `accept` records it where it is right, and does what follows from it: another may take its place at any time.
 */
export async function login(
  { accounts, clock, random }: LoginDeps,
  { name, password }: { readonly name: string; readonly password: string },
  accept: Accept = (right) => accounts.recordLogin(name, right),
): Promise<User> {
  const user = await accounts.findUser(name);
  if (!user) {
    await hashPassword(password, random);
    throw wrongPassword();
  }
  const { passwordHash, failures: _, lockedUntil, ...known } = user;
  if (lockedUntil !== null && Date.parse(lockedUntil) > clock()) throw lockedOut(lockedUntil, clock());
  const isRight = await isPassword(password, passwordHash);
  const recorded = isRight
    ? await accept({ passwordHash, after: null })
    : await accounts.recordLogin(name, { passwordHash, after: afterFailure });
  // By others that were compared meanwhile: whether this one was right is not told either.
  if (recorded?.lockedUntil != null) throw lockedOut(recorded.lockedUntil, clock());
  if (!recorded || !isRight) throw wrongPassword();
  return known;
}

function lockedOut(until: string, now: number): KerutaError {
  return tooMany(Math.max(1, Math.ceil((Date.parse(until) - now) / 1000)));
}

function wrongPassword(): KerutaError {
  return new KerutaError("KRT_SERVER_UNAUTHORIZED", {
    en: "The name or the password is wrong.",
    ja: "名前またはパスワードが違います。",
  });
}
