import { expect, test } from "vitest";
import { serverNameCheck } from "./dns-checks.ts";
import { lookUp } from "./look-up.ts";

test.each([
  ["https://10.0.0.1:6443", "ok", "10.0.0.1 is an address"],
  ["https://[fd00::1]:6443", "ok", "fd00::1 is an address"],
  ["https://localhost:6443", "ok", "localhost resolves"],
  // RFC 2606: there is never such a name.
  ["https://keruta.invalid:6443", "failed", "keruta.invalid does not resolve from here (E"],
])("%s is looked up as connections look it up: %s", async (url, status, words) => {
  const check = await serverNameCheck(url, false, lookUp);
  expect(check).toMatchObject({ status, message: { en: expect.stringContaining(words) } });
});
