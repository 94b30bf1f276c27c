import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findPassword, passwordFromFile } from "./password-file.ts";

const account = { host: "db", port: 5432, database: "d", user: "me" };

test.each([
  ["all fields", "db:5432:d:me:pw", "pw"],
  ["any", "# a comment\n*:*:*:me:pw\r\n", "pw"],
  ["the first of two", "db:*:*:*:one\n*:*:*:*:two", "one"],
  ["another user", "db:5432:d:you:pw", undefined],
  ["escapes in the password", "db:5432:d:me:a\\:b\\\\c", "a:b\\c"],
  ["no password", "db:5432:d:me:", undefined],
  ["too few fields", "db:5432:d:me", undefined],
  ["nothing", "", undefined],
])("a password file with %s", (_, text, password) => {
  expect(findPassword(text, account)).toBe(password);
});

test("names with escapes, and sockets as localhost", () => {
  expect(findPassword("localhost:5432:a\\:b:me:pw", { ...account, host: "/run/pg", database: "a:b" })).toBe(
    "pw",
  );
});

test("a file that others may read is refused, one that is not there has nothing", async () => {
  const directory = await mkdtemp(join(tmpdir(), "keruta-pgpass-"));
  const path = join(directory, ".pgpass");
  await writeFile(path, "*:*:*:*:pw", { mode: 0o600 });
  expect(passwordFromFile(account, { HOME: directory })).toBe("pw");
  expect(passwordFromFile(account, { HOME: directory, PGPASSFILE: `${path}.none` })).toBeUndefined();
  expect(passwordFromFile(account, {})).toBeUndefined();
  await chmod(path, 0o640);
  expect(() => passwordFromFile(account, { PGPASSFILE: path })).toThrow(/may be read by other users/);
  await rm(directory, { recursive: true });
});
