import { Hono } from "hono";
import { expect, test } from "vitest";
import type { AppEnv } from "../deps/env.ts";
import { sessionOf } from "./cookie.ts";

test.each([
  ["over TLS the one of this host alone", true, "keruta_session=p; __Host-keruta_session=h", "h"],
  ["over TLS no plain one", true, "keruta_session=p", "none"],
  ["without TLS the plain one", false, "keruta_session=p", "p"],
])("a session's cookie is, %s", async (_, isSecure, cookie, expected) => {
  const app = new Hono<AppEnv>().get("/", (c) => {
    c.set("isSecure", isSecure);
    return c.text(sessionOf(c) ?? "none");
  });
  expect(await (await app.request("/", { headers: { cookie } })).text()).toBe(expected);
});
