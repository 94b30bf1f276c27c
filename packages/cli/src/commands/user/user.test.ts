import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { ServerStore } from "@keruta/shared/queue";
import { testContext, type TestContext } from "../../compose/context.fake.ts";
import { runProgram } from "../../program/program.ts";

const password = "correct horse battery";

/** One command line, and what it said. */
async function run({ context, io }: TestContext, line: string, input = "") {
  const before = [io.stdout.text().length, io.stderr.text().length] as const;
  io.input = input;
  const code = await runProgram(context, ["user", ...line.split(" ")]);
  return { code, stdout: io.stdout.text().slice(before[0]), stderr: io.stderr.text().slice(before[1]) };
}

async function inStore<T>({ context }: TestContext, use: (store: ServerStore) => Promise<T>): Promise<T> {
  const store = await context.openStore();
  try {
    return await use(store);
  } finally {
    await store.queue.close();
  }
}

async function withHanako(): Promise<TestContext> {
  const surroundings = await testContext();
  await run(surroundings, "add hanako --password-stdin --role operator --bind team-a", `${password}\n`);
  return surroundings;
}

const digest = "0".repeat(64);

async function hashOf({ accounts }: ServerStore): Promise<string> {
  return (await accounts.findUser("hanako"))?.passwordHash ?? "";
}

async function logIn(store: ServerStore): Promise<void> {
  const session = { digest, user: "hanako", expiresAt: "2099-01-01T00:00:00.000Z" };
  const passwordHash = await hashOf(store);
  await store.accounts.recordLogin("hanako", { passwordHash, after: null, session });
}

describe("keruta user on the database", () => {
  it("adds a person whom the server knows by the password, and writes down who did", async () => {
    await using surroundings = await testContext();
    const added = await run(
      surroundings,
      "add hanako --password-stdin --bind team-a,b",
      `${password}\r\nmore`,
    );
    expect(added).toEqual({ code: 0, stdout: "", stderr: "keruta: user hanako (viewer) was added\n" });
    await inStore(surroundings, async ({ accounts }) => {
      expect(await accounts.findUser("hanako")).toMatchObject({
        role: "viewer",
        namespaces: ["team-a", "b"],
        passwordHash: expect.stringMatching(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/),
      });
      expect(await accounts.listAudit({ limit: 9 })).toMatchObject([
        {
          who: "alice@example",
          action: "user.add",
          target: "hanako",
          details: { role: "viewer", namespaces: ["team-a", "b"] },
        },
      ]);
    });
  });

  it("lists people in every format, and never a password's hash", async () => {
    await using surroundings = await withHanako();
    const text = await run(surroundings, "list");
    expect(text.stdout).toMatch(/^NAME +ROLE +NAMESPACES +CREATED +LAST LOGIN\nhanako +operator +team-a /);
    expect((await run(surroundings, "list -o name")).stdout).toBe("hanako\n");
    const { stdout } = await run(surroundings, "list -o json");
    expect(JSON.parse(stdout)).toEqual({
      apiVersion: "keruta/v1",
      kind: "UserList",
      items: [
        {
          name: "hanako",
          role: "operator",
          namespaces: ["team-a"],
          createdAt: "2026-03-01T10:00:00.000Z",
          lastLoginAt: null,
        },
      ],
    });
    const lines = (await run(surroundings, "list -o jsonl")).stdout;
    expect(JSON.parse(lines)).toMatchObject({ name: "hanako" });
  });

  it.each([
    ["update hanako --role admin", { role: "admin", namespaces: ["team-a"] }, { role: "admin" }],
    ["update hanako --no-bind", { role: "operator", namespaces: null }, { namespaces: null }],
    ["update hanako --bind b", { role: "operator", namespaces: ["b"] }, { namespaces: ["b"] }],
  ])("`%s` changes that alone, and ends their sessions", async (line, known, change) => {
    await using surroundings = await withHanako();
    await inStore(surroundings, logIn);
    expect((await run(surroundings, line)).code).toBe(0);
    await inStore(surroundings, async ({ accounts }) => {
      expect(await accounts.findUser("hanako")).toMatchObject(known);
      expect(await accounts.findSession(digest)).toBeUndefined();
      const [last] = await accounts.listAudit({ limit: 1 });
      expect(last).toMatchObject({ action: "user.update", details: { ...change, password: false } });
    });
  });

  it("gives a new password, which ends sessions and a lock-out", async () => {
    await using surroundings = await withHanako();
    await inStore(surroundings, async (store) => {
      await logIn(store);
      const after = () => ({ failures: 5, lockedUntil: "2099-01-01T00:00:00.000Z" });
      await store.accounts.recordLogin("hanako", { passwordHash: await hashOf(store), after });
    });
    const before = await inStore(surroundings, ({ accounts }) => accounts.findUser("hanako"));
    expect((await run(surroundings, "password hanako --password-stdin", "another one, longer\n")).code).toBe(
      0,
    );
    await inStore(surroundings, async ({ accounts }) => {
      const after = await accounts.findUser("hanako");
      expect(after).toMatchObject({ failures: 0, lockedUntil: null, role: "operator" });
      expect(after?.passwordHash).not.toBe(before?.passwordHash);
      expect(await accounts.findSession(digest)).toBeUndefined();
      const [last] = await accounts.listAudit({ limit: 1 });
      expect(last).toMatchObject({ action: "user.update", target: "hanako", details: { password: true } });
    });
  });

  it("removes people with their sessions", async () => {
    await using surroundings = await withHanako();
    await inStore(surroundings, logIn);
    expect((await run(surroundings, "remove hanako")).stderr).toBe("keruta: user hanako is removed\n");
    await inStore(surroundings, async ({ accounts }) => {
      expect(await accounts.listUsers()).toEqual([]);
      expect(await accounts.findSession(digest)).toBeUndefined();
      expect(await accounts.listAudit({ limit: 1 })).toMatchObject([{ action: "user.delete" }]);
    });
  });

  it.each([
    ["add hanako --password-stdin", 1, "KRT_NAME_TAKEN", "keruta user password hanako"],
    ["update taro --role viewer", 1, "KRT_SERVER_NOT_FOUND", "keruta user list"],
    ["password taro --password-stdin", 1, "KRT_SERVER_NOT_FOUND", "keruta user list"],
    ["remove taro", 1, "KRT_SERVER_NOT_FOUND", "keruta user list"],
    ["update hanako", 2, "KRT_USAGE", "--no-bind"],
    ["add taro --role driver --password-stdin", 2, "KRT_USAGE", "admin, operator, viewer"],
    ["add taro --bind a,,b --password-stdin", 2, "KRT_USAGE", "--bind team-a,team-b"],
    ["add .taro --password-stdin", 2, "KRT_USAGE", "a letter or a digit first"],
    ["add taro", 2, "KRT_USAGE", "--password-stdin or --password-file"],
    ["add taro --password-stdin --password-file x", 2, "KRT_USAGE", "exclude each other"],
  ])("`%s` is refused with the next step, and nothing is written down", async (line, code, name, next) => {
    await using surroundings = await withHanako();
    const refused = await run(surroundings, line, `${password}\n`);
    expect(refused).toMatchObject({ code, stderr: expect.stringContaining(`(${name})`) });
    expect(refused.stderr).toContain(next);
    await inStore(surroundings, async ({ accounts }) => {
      expect(await accounts.listAudit({ limit: 9 })).toHaveLength(1);
    });
  });
});

describe("a new password", () => {
  it.each([["short"], [""], ["x".repeat(1025)]])(
    "of a length that the server refuses is refused: %#",
    async (given) => {
      await using surroundings = await testContext();
      const { code, stderr } = await run(surroundings, "add hanako --password-stdin", `${given}\n`);
      expect(code).toBe(2);
      expect(stderr).toContain(`has ${String(given.length)} characters; it must have 12 to 1024`);
    },
  );

  it("is asked for twice on a terminal", async () => {
    await using surroundings = await testContext();
    surroundings.io.stdin.isTTY = true;
    const { code, stdout, stderr } = await run(surroundings, "add hanako", `${password}\n${password}\n`);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toBe("Password: \nThe same again: \nkeruta: user hanako (viewer) was added\n");
  });

  it.each([
    [`${password}\nanother one\n`, "differ"],
    [`${password}\n`, "No password was given"],
    ["", "No password was given"],
  ])("that was not typed twice alike is not taken: %j", async (typed, why) => {
    await using surroundings = await testContext();
    surroundings.io.stdin.isTTY = true;
    const { code, stderr } = await run(surroundings, "add hanako", typed);
    expect([code, stderr]).toEqual([2, expect.stringContaining(why)]);
  });

  it("is read from a file that nobody else may read", async () => {
    await using surroundings = await testContext();
    const { directory } = surroundings;
    await writeFile(join(directory, "secret"), `${password}\n`, { mode: 0o600 });
    expect((await run(surroundings, "add hanako --password-file secret")).code).toBe(0);
    await writeFile(join(directory, "open"), `${password}\n`, { mode: 0o644 });
    const open = await run(surroundings, "password hanako --password-file open");
    expect(open.stderr).toMatch(
      /open may be read by other users \(mode 0644\).*KRT_FILE_UNREADABLE.*\n.*chmod 600 open/,
    );
    const missing = await run(surroundings, "password hanako --password-file missing");
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining("no such file")]);
  });

  it("that is not UTF-8 is refused", async () => {
    await using surroundings = await testContext();
    await writeFile(join(surroundings.directory, "latin1"), Buffer.from("p\u00e4ssword12345", "latin1"), {
      mode: 0o600,
    });
    const { code, stderr } = await run(surroundings, "add hanako --password-file latin1");
    expect([code, stderr]).toEqual([2, expect.stringContaining("not UTF-8")]);
  });
});
