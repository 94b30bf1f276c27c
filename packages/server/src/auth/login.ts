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
  const locked = user.lockedUntil === null ? 0 : Date.parse(user.lockedUntil) - clock();
  if (locked > 0) throw tooMany(Math.ceil(locked / 1000));
  const { passwordHash, failures, lockedUntil: _, ...known } = user;
  if (!(await isPassword(password, passwordHash))) {
    await accounts.recordLogin(name, afterFailure(failures, clock()));
    throw wrongPassword();
  }
  await accounts.recordLogin(name, null);
  return known;
}

function wrongPassword(): KerutaError {
  return new KerutaError("KRT_SERVER_UNAUTHORIZED", {
    en: "The name or the password is wrong.",
    ja: "名前またはパスワードが違います。",
  });
}
