import type { Context } from "hono";
import type { AppEnv } from "../deps/env.ts";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";

/** The prefix makes browsers refuse it from anything but this host over TLS. */
const secureName = "__Host-keruta_session";
const plainName = "keruta_session";

/** Over TLS the plain one may have been set by anybody between here and the browser. */
export function sessionOf(c: Context<AppEnv>): string | undefined {
  return getCookie(c, secureName) ?? (c.get("isSecure") ? undefined : getCookie(c, plainName));
}

export function keepSession(c: Context, secret: string, expires: Date, isSecure: boolean): void {
  setCookie(c, isSecure ? secureName : plainName, secret, {
    httpOnly: true,
    sameSite: "Strict",
    path: "/",
    secure: isSecure,
    expires,
  });
}

export function dropSession(c: Context): void {
  for (const name of [secureName, plainName]) {
    if (getCookie(c, name) !== undefined) deleteCookie(c, name, { path: "/", secure: name === secureName });
  }
}
