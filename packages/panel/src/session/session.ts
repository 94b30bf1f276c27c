import { computed, signal } from "@preact/signals";
import { mayDo, type Permission, type Role } from "@keruta/shared/domain";
import { createApi, type Credentials } from "../api/api.ts";
import { browser } from "../compose/browser.ts";

interface Person {
  /** As the API names callers: `user:hanako`, `token:ci`. */
  readonly name: string;
  readonly role: Role;
  /** null: all. */
  readonly namespaces: readonly string[] | null;
}

export type SessionState =
  | { readonly kind: "unknown" }
  | { readonly kind: "unreachable"; readonly message: string }
  | { readonly kind: "out" }
  /** `expired`: the server does not know them any more; what they were at is still on the screen. */
  | { readonly kind: "in"; readonly person: Person; readonly expired: boolean };

interface SessionAnswer {
  readonly principal: Person;
  readonly csrfToken: string | null;
}

const tokenKey = "keruta.token";

export const session = signal<SessionState>({ kind: "unknown" });
export const person = computed(() => (session.value.kind === "in" ? session.value.person : undefined));
/** The server does not know them any more. */
export const isExpired = computed(() => session.value.kind === "in" && session.value.expired);

const nobody: Credentials = { csrf: null, token: null };

let credentials: Credentials = { csrf: null, token: browser.tab.read(tokenKey) };

export const api = createApi({
  fetch: browser.fetch,
  credentials: () => credentials,
  renew,
  onUnauthorized: () => {
    const state = session.peek();
    session.value = state.kind === "in" ? { ...state, expired: true } : { kind: "out" };
  },
});

/** A login in another tab replaces the session of all tabs; a change needs the new one's second proof. */
async function renew(refused: Credentials): Promise<boolean> {
  if (refused.csrf === null) return false;
  if (credentials === refused) {
    const call = { path: "/sessions/current", credentials: nobody };
    const answer = await api.json<SessionAnswer>(call).catch(() => undefined);
    // As somebody else nothing is repeated.
    if (!answer || answer.principal.name !== person.peek()?.name) return false;
    enter(answer, null);
  }
  return credentials.csrf !== refused.csrf;
}

/** What a role may not do is not offered; the server refuses it anyway. */
export function may(permission: Permission): boolean {
  if (!person.value || !mayDo(person.value.role, permission)) return false;
  // All that an administrator alone may do concerns all namespaces.
  return permission !== "administer" || !isBound();
}

/** To some namespaces: what concerns all is not for them. */
export function isBound(): boolean {
  return person.value !== undefined && person.value.namespaces !== null;
}

/** By token, whose downloads the browser cannot fetch by itself. */
export function isByToken(): boolean {
  return credentials.token !== null;
}

/** Finds out who it is that comes with a cookie or the tab's token. */
export async function resume(): Promise<void> {
  try {
    enter(await api.json<SessionAnswer>({ path: "/sessions/current" }), credentials.token);
  } catch (error) {
    if (session.peek().kind === "out") return;
    session.value = { kind: "unreachable", message: error instanceof Error ? error.message : String(error) };
  }
}

export async function logIn(name: string, password: string): Promise<void> {
  const json = { name, password };
  enter(
    await api.json<SessionAnswer>({ method: "POST", path: "/sessions", json, credentials: nobody }),
    null,
  );
}

export async function logInWithToken(token: string): Promise<void> {
  const call = { path: "/sessions/current", credentials: { csrf: null, token } };
  enter(await api.json<SessionAnswer>(call), token);
}

export async function logOut(): Promise<void> {
  if (credentials.token === null) await api.send({ method: "DELETE", path: "/sessions/current" });
  forget();
}

/** Leaves without a word to the server: it has ended the session itself. */
export function forget(): void {
  credentials = nobody;
  browser.tab.write(tokenKey, null);
  session.value = { kind: "out" };
}

function enter({ principal, csrfToken }: SessionAnswer, token: string | null): void {
  credentials = { csrf: csrfToken, token };
  browser.tab.write(tokenKey, token);
  session.value = { kind: "in", person: principal, expired: false };
}
