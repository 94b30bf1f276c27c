import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { hashPassword } from "../../packages/server/src/auth/password.ts";
import { openSqliteHarness } from "../../packages/shared/src/queue/sqlite/sqlite.harness.ts";
import { openApiHarness, type ApiHarness } from "./api.harness.ts";

const password = "correct horse battery";

let api: ApiHarness;
/** What another does when a person has been looked up. */
let replaced: () => Promise<unknown>;
beforeEach(async () => {
  replaced = () => Promise.resolve();
  const store = await openSqliteHarness();
  const findUser: typeof store.accounts.findUser = async (name) => {
    const found = await store.accounts.findUser(name);
    await replaced();
    return found;
  };
  api = await openApiHarness({ ...store, accounts: { ...store.accounts, findUser } });
  const passwordHash = await hashPassword(password, randomBytes);
  await api.store.accounts.addUser({ name: "花子", role: "admin", namespaces: null, passwordHash });
});
afterEach(() => api.dispose());

const send = (method: string, path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  api.request(path, {
    method,
    headers: { "content-type": "application/json", ...headers },
    body: body === undefined ? null : JSON.stringify(body),
  });

const logIn = (given = password) => send("POST", "/api/sessions", { name: "花子", password: given });

async function session() {
  const answer = await logIn();
  expect(answer.status).toBe(201);
  const header = answer.headers.get("set-cookie") ?? "";
  const { csrfToken } = (await answer.json()) as { csrfToken: string };
  return { header, cookie: header.split(";")[0] ?? "", csrf: csrfToken };
}

test("a login gives a cookie that no script reads and no other site sends", async () => {
  const { header, cookie } = await session();
  expect(header).toMatch(/HttpOnly/);
  expect(header).toMatch(/SameSite=Strict/);
  const answer = await api.request("/api/sessions/current", { headers: { cookie } });
  expect(await answer.json()).toMatchObject({ principal: { name: "user:花子", role: "admin" } });
});

test("a change takes the CSRF token too, and a reload of the page gets it again", async () => {
  const { cookie, csrf } = await session();
  const pause = (headers: Readonly<Record<string, string>>) =>
    send("PATCH", "/api/queue", { paused: true }, { cookie, ...headers });
  expect((await pause({})).status).toBe(401);
  expect((await pause({ "x-csrf-token": "wrong" })).status).toBe(401);
  const again = await api.request("/api/sessions/current", { headers: { cookie } });
  expect(((await again.json()) as { csrfToken: string }).csrfToken).toBe(csrf);
  expect((await pause({ "x-csrf-token": csrf })).status).toBe(204);
  expect((await api.store.accounts.listAudit({ limit: 1 }))[0]).toMatchObject({ who: "user:花子" });
});

test("a password that is replaced while it is compared opens no session", async () => {
  const passwordHash = await hashPassword("another long password", randomBytes);
  replaced = () => api.store.accounts.updateUser("花子", { passwordHash });
  const answer = await logIn();
  expect([answer.status, answer.headers.get("set-cookie")]).toEqual([401, null]);
  const audit = await api.store.accounts.listAudit({ limit: 9 });
  expect(audit.map(({ action }) => action)).toEqual(["login.failed"]);
});

test("a log-out and a new password end sessions", async () => {
  const [one, two] = [await session(), await session()];
  const current = async ({ cookie }: { cookie: string }) =>
    (await api.request("/api/sessions/current", { headers: { cookie } })).status;
  const headers = { cookie: one.cookie, "x-csrf-token": one.csrf };
  expect((await send("DELETE", "/api/sessions/current", undefined, headers)).status).toBe(204);
  expect([await current(one), await current(two)]).toEqual([401, 200]);
  const change = { current: password, new: "another long password" };
  const proof = { cookie: two.cookie, "x-csrf-token": two.csrf };
  expect((await send("PUT", "/api/users/me/password", { ...change, current: "wrong" }, proof)).status).toBe(
    401,
  );
  expect((await send("PUT", "/api/users/me/password", change, proof)).status).toBe(204);
  expect(await current(two)).toBe(401);
  expect((await logIn()).status).toBe(401);
  expect((await logIn(change.new)).status).toBe(201);
});

test("after five wrong passwords the right one has to wait, and unknown names are answered alike", async () => {
  const bodies = new Set<string>();
  for (let n = 0; n < 5; n += 1) {
    const answer = await logIn("wrong");
    expect(answer.status).toBe(401);
    bodies.add(await answer.text());
  }
  const stranger = await send("POST", "/api/sessions", { name: "nobody", password });
  bodies.add(await stranger.text());
  expect(bodies.size).toBe(1);
  const locked = await logIn();
  expect([locked.status, locked.headers.get("retry-after")]).toEqual([429, "60"]);
  api.world.now += 60_000;
  expect((await logIn()).status).toBe(201);
});

test("wrong passwords that are tried at the same time count each, and what is tried after the fifth is not judged", async () => {
  const answers = await Promise.all([...Array.from({ length: 12 }, () => logIn("wrong")), logIn()]);
  const statuses = answers.map(({ status }) => status);
  const locked = await logIn();
  const { failures } = (await api.store.accounts.findUser("花子")) ?? {};
  // The right one may come before the fifth wrong one, and begins the count anew.
  const wasIn = statuses.includes(201);
  expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(wasIn ? 9 : 5);
  expect(statuses).toContain(429);
  expect([locked.status, failures]).toEqual([429, 5]);
});

test("the current password is guessed no more often than one to log in with", async () => {
  const { cookie, csrf } = await session();
  const proof = { cookie, "x-csrf-token": csrf };
  const change = (current: string) =>
    send("PUT", "/api/users/me/password", { current, new: "another long password" }, proof);
  const answers = await Promise.all(Array.from({ length: 12 }, () => change("wrong")));
  const times = (wanted: number) => answers.filter(({ status }) => status === wanted).length;
  expect([times(401), times(429)]).toEqual([5, 7]);
  expect((await change(password)).status).toBe(429);
});

test("no answer of users or tokens holds a secret", async () => {
  const token = await api.token("admin");
  const { cookie } = await session();
  for (const path of ["/api/users", "/api/tokens", "/api/audit", "/api/sessions/current", "/metrics"]) {
    const text = await (await api.request(path, { token })).text();
    expect(text).not.toContain(token);
    expect(text).not.toMatch(/argon2|digest|password_hash/i);
    expect(text).not.toContain(cookie.split("=")[1]);
  }
});
