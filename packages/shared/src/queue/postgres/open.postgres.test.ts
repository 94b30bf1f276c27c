import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createWorld, newTask } from "../queue.harness.ts";
import { checkPostgres } from "./check.ts";
import { changedUrl, inSchema, openAt, server, testDatabase } from "./postgres.harness.ts";

const world = createWorld();

describe.skipIf(!server)("opening a queue on PostgreSQL", () => {
  const database = testDatabase();
  const refusal = async (url: string, env: Record<string, string> = {}): Promise<unknown> => {
    try {
      await (await openAt(url, world, { env })).close();
      return "opened";
    } catch (error) {
      return error;
    }
  };

  test("makes it once, with its first settings, and finds it again wherever new tables would go", async () => {
    const url = await database.newSchema();
    const refused = new Error("a malformed line");
    const first = openAt(url, world, { firstSettings: () => Promise.reject(refused) });
    await expect(first).rejects.toBe(refused);
    await expect(checkPostgres({ url })).rejects.toMatchObject({ code: "KRT_DB_NOT_A_DATABASE" });
    const queue = await openAt(url, world, {
      firstSettings: () => Promise.resolve({ a: "1" }),
      createdBy: "application.properties",
    });
    expect(await queue.readSettings()).toMatchObject([{ value: "1", updatedBy: "application.properties" }]);
    expect(queue.name).not.toContain(new URL(url).password);
    await queue.close();
    const schema = new URL(url).searchParams.get("options")?.split("=")[1] ?? "";
    await database.run("create schema before_it");
    const again = await openAt(inSchema(url, `before_it,${schema}`), world, {
      firstSettings: () => Promise.reject(new Error("not asked for twice")),
    });
    expect(again.uid).toBe(queue.uid);
    await again.close();
    expect(await checkPostgres({ url })).toEqual([]);
  });

  test("goes by the server's clock where it is asked to", async () => {
    const slow = { ...world, clock: () => Date.now() - 600_000 };
    const queue = await openAt(await database.newSchema(), slow, { followServerClock: true });
    const { task } = await queue.addTask(newTask());
    expect(Math.abs(Date.parse(task.createdAt) - Date.now())).toBeLessThan(5000);
    await queue.close();
  });

  test("lives beside tables of others, but not where they have its names", async () => {
    const url = await database.newSchema();
    const schema = new URL(url).searchParams.get("options")?.split("=")[1] ?? "";
    await database.run(`create table ${schema}.orders (id int)`);
    await (await openAt(url, world)).close();
    const taken = await database.newSchema();
    const other = new URL(taken).searchParams.get("options")?.split("=")[1] ?? "";
    await database.run(`create view ${other}.events as select 1 as id`);
    await database.run(`create table ${other}.tasks (id int)`);
    expect(await refusal(taken)).toMatchObject({
      code: "KRT_DB_NOT_A_DATABASE",
      details: { schema: other, tables: ["events", "tasks"] },
    });
    expect(await database.run("select 1 from pg_tables where schemaname = $1", other)).toHaveLength(1);
  });

  test("refuses what a newer keruta made, and a check finds broken rules", async () => {
    const url = await database.newSchema();
    const schema = new URL(url).searchParams.get("options")?.split("=")[1] ?? "";
    const queue = await openAt(url, world);
    const { task } = await queue.addTask(newTask());
    await queue.close();
    await database.run(`update ${schema}.tasks set status = 'IN_PROGRESS'`);
    expect(await checkPostgres({ url })).toEqual([
      { rule: "a task IN_PROGRESS has one open attempt, its latest", detail: task.id },
    ]);
    await database.run(`update ${schema}.meta set value = '99' where key = 'schema'`);
    expect(await refusal(url)).toMatchObject({ code: "KRT_DB_NEWER", details: { found: 99 } });
  });

  test("refuses a database that cannot hold every character", async () => {
    const name = `t_${randomBytes(6).toString("hex")}`;
    await database.run(`create database ${name} encoding latin1 locale 'C' template template0`);
    try {
      const url = changedUrl(database.url(), (parsed) => (parsed.pathname = name));
      expect(await refusal(url)).toMatchObject({
        code: "KRT_DB_UNSUPPORTED",
        details: { encoding: "LATIN1" },
      });
    } finally {
      await database.run(`drop database ${name}`);
    }
  });

  describe("says what is wrong:", () => {
    const at = (change: (url: URL) => void) => changedUrl(database.url(), change);
    const failure = (code: string, words: string) => ({
      code,
      message: expect.stringContaining(words),
      hint: { ja: expect.any(String) },
    });

    test("a wrong password, and none", async () => {
      const wrong = at((url) => (url.password = "wrong-password"));
      const none = at((url) => (url.password = ""));
      const expected = failure("KRT_DB_UNAUTHORIZED", "does not take the password of user postgres");
      expect(await refusal(wrong)).toMatchObject(expected);
      expect(await refusal(wrong)).toHaveProperty("message", expect.not.stringContaining("wrong-password"));
      expect(await refusal(none)).toMatchObject(expected);
    });

    test("a user that there is not", async () => {
      const url = at((parsed) => (parsed.username = "nobody_here"));
      expect(await refusal(url)).toMatchObject(failure("KRT_DB_UNAUTHORIZED", "nobody_here"));
    });

    test("a database or a schema that there is not", async () => {
      const url = at((parsed) => (parsed.pathname = "none_such"));
      const expected = failure("KRT_DB_NOT_FOUND", "none_such");
      expect(await refusal(url)).toMatchObject({ ...expected, details: { transient: false } });
      const schema = inSchema(database.url(), "none_such");
      expect(await refusal(schema)).toMatchObject(failure("KRT_DB_NOT_FOUND", "search path"));
    });

    test("a port where nobody listens, and a host that there is not", async () => {
      const port = at((url) => (url.port = "1"));
      const details = { transient: true, cause: "ECONNREFUSED" };
      const expected = failure("KRT_DB_UNREACHABLE", "localhost:1");
      expect(await refusal(port)).toMatchObject({ ...expected, details });
      const host = at((url) => (url.hostname = "none.invalid"));
      expect(await refusal(host)).toMatchObject(failure("KRT_DB_UNREACHABLE", "none.invalid"));
    });

    test("a right that the user lacks, and a server that only reads", async () => {
      const [name, url] = [`u_${randomBytes(6).toString("hex")}`, await database.newSchema()];
      await database.run(`create role ${name} login password 'p'`);
      const asUser = changedUrl(database.url(), (parsed) => {
        [parsed.username, parsed.password] = [name, "p"];
      });
      const denied = await refusal(asUser);
      await database.run(`drop role ${name}`);
      expect(denied).toMatchObject(failure("KRT_DB_FORBIDDEN", "permission denied for schema public"));
      const reading = changedUrl(url, ({ searchParams }) => {
        const options = `${searchParams.get("options") ?? ""} -cdefault_transaction_read_only=on`;
        searchParams.set("options", options);
      });
      expect(await refusal(reading)).toMatchObject(failure("KRT_DB_READ_ONLY", "read-only"));
    });
  });

  describe("finds its password", () => {
    const bare = (url: string) => changedUrl(url, (parsed) => (parsed.password = ""));

    test("in PGPASSWORD", async () => {
      const url = await database.newSchema();
      expect(await refusal(bare(url), { PGPASSWORD: new URL(url).password })).toBe("opened");
    });

    test("in the file that PGPASSFILE names", async () => {
      const url = await database.newSchema();
      const directory = await mkdtemp(join(tmpdir(), "keruta-pgpass-"));
      const file = join(directory, "pass");
      await writeFile(file, `localhost:*:*:postgres:${new URL(url).password}\n`, { mode: 0o600 });
      expect(await refusal(bare(url), { PGPASSFILE: file })).toBe("opened");
      await rm(directory, { recursive: true });
    });
  });

  describe.skipIf(!server?.certificate)("with TLS (needs openssl)", () => {
    const withTls = async (parameters: Record<string, string>, change: (url: URL) => void = () => {}) =>
      changedUrl(await database.newSchema(), (url) => {
        for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
        change(url);
      });
    const certificate = server?.certificate ?? "";
    const encrypted = async () =>
      database.run(
        "select count(*)::int as n from pg_stat_ssl join pg_stat_activity using (pid) where ssl and application_name = 'keruta' and datname = current_database()",
      );

    test.each([
      ["prefer", { sslmode: "prefer" }, 1],
      ["require", { sslmode: "require" }, 1],
      ["verify-ca", { sslmode: "verify-ca", sslrootcert: certificate }, 1],
      ["verify-full", { sslmode: "verify-full", sslrootcert: certificate }, 1],
      ["disable", { sslmode: "disable" }, 0],
    ])("%s", async (_, parameters, n) => {
      const queue = await openAt(await withTls(parameters), world);
      expect(await encrypted()).toEqual([{ n }]);
      await queue.close();
    });

    test("a stranger's certificate and another name are refused", async () => {
      const strange = await withTls({ sslmode: "verify-full" });
      expect(await refusal(strange)).toMatchObject({ code: "KRT_DB_CERTIFICATE" });
      const address = await withTls({ sslmode: "verify-full", sslrootcert: certificate }, (url) => {
        url.hostname = "127.0.0.1";
      });
      expect(await refusal(address)).toMatchObject({ code: "KRT_DB_CERTIFICATE" });
      const none = await withTls({ sslmode: "verify-full", sslrootcert: "/none.pem" });
      expect(await refusal(none)).toMatchObject({ code: "KRT_FILE_UNREADABLE" });
      const byAuthority = await withTls({ sslmode: "verify-ca", sslrootcert: certificate }, (url) => {
        url.hostname = "127.0.0.1";
      });
      await (await openAt(byAuthority, world)).close();
    });
  });
});
