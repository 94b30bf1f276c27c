import { KerutaError } from "@keruta/shared/domain";
import type { User } from "@keruta/shared/queue";
import type { ServerDeps } from "../deps/env.ts";
import { afterFailure } from "./lock-out.ts";
import { hashPassword, isPassword } from "./password.ts";
import { tooMany } from "./refusals.ts";

type LoginDeps = Pick<ServerDeps, "accounts" | "clock" | "random">;

/** The user whose password it is. Throws KRT_SERVER_UNAUTHORIZED, in the same time whether or not there is such a name. */
export async function login(
  { accounts, clock, random }: LoginDeps,
  name: string,
  password: string,
): Promise<User> {
  const user = await accounts.findUser(name);
  if (!user) {
    await hashPassword(password, random);
    throw wrongPassword();
  }
  const { passwordHash, failures: _, lockedUntil, ...known } = user;
  if (lockedUntil !== null && Date.parse(lockedUntil) > clock()) throw lockedOut(lockedUntil, clock());
  const isRight = await isPassword(password, passwordHash);
  const recorded = await accounts.recordLogin(name, isRight ? null : afterFailure);
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
