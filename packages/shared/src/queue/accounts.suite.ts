import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AccountStore, AfterFailure, ComparedPassword, NewToken } from "./accounts.ts";
import { claimed, newTask, resultOf, type OpenStoreHarness, type StoreHarness } from "./queue.harness.ts";

const never = { namespaces: null, expiresAt: null, attempt: null, createdBy: "me" };
const token = (digest: string, change: Partial<NewToken> = {}): NewToken => ({
  digest,
  name: "ci",
  role: "operator",
  ...never,
  ...change,
});

/** Tokens, people, sessions and the audit log, whatever they are kept in. */
export function describeAccounts(name: string, open: OpenStoreHarness): void {
  describe(`${name}: accounts`, () => {
    let harness: StoreHarness;
    let accounts: AccountStore;
    beforeEach(async () => {
      harness = await open();
      ({ accounts } = harness);
    });
    afterEach(() => harness.dispose());
    /** A password that was compared with the first one of 花子. */
    const given = (after: AfterFailure | null, change: Partial<ComparedPassword> = {}) =>
      accounts.recordLogin("花子", { passwordHash: "h1", after, ...change });

    test("a token is found by its digest until it expires or is revoked, and its use is noted", async () => {
      const { world } = harness;
      const bound = await accounts.addToken(token("d1", { namespaces: ["a"], role: "viewer" }));
      await accounts.addToken(token("d2", { expiresAt: new Date(world.now + 1000).toISOString() }));
      expect(await accounts.findToken("d1")).toMatchObject({ namespaces: ["a"], lastUsedAt: null });
      expect(await accounts.findToken("d1")).toMatchObject({ lastUsedAt: "2026-01-01T00:00:00.000Z" });
      world.now += 1000;
      expect(await accounts.findToken("d2")).toBeUndefined();
      expect(await accounts.findToken("nosuch")).toBeUndefined();
      expect(await accounts.revokeToken(bound.id)).toBe(true);
      expect(await accounts.revokeToken(bound.id)).toBe(false);
      expect(await accounts.findToken("d1")).toBeUndefined();
      await accounts.sweepAccounts();
      expect(await accounts.listTokens()).toEqual([]);
    });

    test("an agent's token dies with its attempt", async () => {
      const { queue, world } = harness;
      await queue.addTask(newTask());
      const { lease } = await claimed(queue, world.holder(1));
      const attempt = { taskId: lease.taskId, number: lease.attempt };
      await accounts.addToken(token("agent", { role: "agent", attempt }));
      await accounts.addToken(token("stranger", { role: "agent", attempt: { taskId: "x", number: 1 } }));
      await accounts.sweepAccounts();
      expect(await accounts.findToken("stranger")).toBeUndefined();
      expect(await accounts.findToken("agent")).toMatchObject({ attempt });
      expect(await accounts.listTokens()).toEqual([]);
      await queue.settle(lease, resultOf(), null);
      await accounts.sweepAccounts();
      expect(await accounts.findToken("agent")).toBeUndefined();
    });

    test("a name is taken once; a new password ends the sessions, and so does the person's end", async () => {
      const { world } = harness;
      const user = { name: "花子", role: "admin", namespaces: null, passwordHash: "h1" } as const;
      expect(await accounts.addUser(user)).toBe(true);
      expect(await accounts.addUser({ ...user, role: "viewer" })).toBe(false);
      const later = new Date(world.now + 5000).toISOString();
      expect(await given(() => ({ failures: 3, lockedUntil: later }))).toEqual({
        lockedUntil: null,
      });
      expect(await accounts.findUser("花子")).toMatchObject({
        failures: 3,
        lockedUntil: later,
        role: "admin",
      });
      // Locked out, nobody is let in and nothing more is counted.
      for (const after of [null, () => ({ failures: 4, lockedUntil: null })])
        expect(await given(after)).toEqual({ lockedUntil: later });
      expect(await accounts.findUser("花子")).toMatchObject({ failures: 3, lockedUntil: later });
      world.now += 5000;
      expect(await given(null)).toEqual({ lockedUntil: null });
      expect(await accounts.findUser("花子")).toMatchObject({ failures: 0, lockedUntil: null });
      expect(await accounts.recordLogin("nobody", { passwordHash: "h1", after: null })).toBeUndefined();
      const expiresAt = new Date(world.now + 5000).toISOString();
      const session = { digest: "s1", user: "花子", expiresAt };
      await given(null, { session });
      expect(await accounts.findSession("s1")).toMatchObject({ user: { name: "花子" }, expiresAt });
      expect(await accounts.updateUser("花子", {})).toBe(true);
      expect(await accounts.findSession("s1")).toBeDefined();
      expect(await accounts.updateUser("花子", { passwordHash: "h2" })).toBe(true);
      expect(await accounts.findSession("s1")).toBeUndefined();
      expect(await given(null, { session })).toBeUndefined();
      expect(await accounts.findSession("s1")).toBeUndefined();
      expect(await given(null, { session, passwordHash: "h2" })).toEqual({ lockedUntil: null });
      await accounts.endSession("s1");
      expect(await accounts.findSession("s1")).toBeUndefined();
      expect(await given(null, { session, passwordHash: "h2" })).toEqual({ lockedUntil: null });
      world.now += 5000;
      expect(await accounts.findSession("s1")).toBeUndefined();
      expect(await accounts.deleteUser("花子")).toBe(true);
      expect(await accounts.deleteUser("花子")).toBe(false);
      expect(await accounts.updateUser("花子", { role: "viewer" })).toBe(false);
      expect(await accounts.listUsers()).toEqual([]);
    });

    test("wrong passwords that are recorded at the same time all count", async () => {
      await accounts.addUser({ name: "花子", role: "admin", namespaces: null, passwordHash: "h1" });
      const count = (failures: number) => ({ failures: failures + 1, lockedUntil: null });
      await Promise.all(Array.from({ length: 8 }, () => given(count)));
      expect(await accounts.findUser("花子")).toMatchObject({ failures: 8 });
    });

    test("a change and its entry in the audit log are stored together, or neither is", async () => {
      const { audited, queue } = harness;
      const by = { who: "token:ci", address: null, requestId: null, action: "task.add" };
      const add = (details: Readonly<Record<string, unknown>>) =>
        audited(
          (stores) => stores.queue.addTask(newTask()),
          ({ task }) => ({ ...by, target: task.id, details }),
        );
      const { task } = await add({ n: 1 });
      // No JSON says it.
      await expect(add({ n: 1n })).rejects.toThrow(TypeError);
      expect((await queue.listTasks({})).items.map(({ id }) => id)).toEqual([task.id]);
      expect(await accounts.listAudit({ limit: 9 })).toMatchObject([{ action: "task.add", target: task.id }]);
      const isDeleted = await audited(
        (stores) => stores.accounts.deleteUser("nobody"),
        (deleted) => (deleted ? { ...by, target: "nobody", details: {} } : null),
      );
      expect([isDeleted, (await accounts.listAudit({ limit: 9 })).length]).toEqual([false, 1]);
    });

    test("the audit log is read newest first, page by page", async () => {
      for (const target of ["a", "b", "c"]) {
        const entry = { who: "token:ci", action: "task.cancel", target, details: { n: 1 } };
        await accounts.recordAudit({ ...entry, address: "127.0.0.1", requestId: null });
      }
      const [newest, next, ...others] = await accounts.listAudit({ limit: 2 });
      expect([newest?.target, next?.target, others]).toEqual(["c", "b", []]);
      const before = next?.seq ?? 0;
      expect(await accounts.listAudit({ limit: 2, before })).toMatchObject([
        { target: "a", details: { n: 1 } },
      ]);
    });
  });
}
