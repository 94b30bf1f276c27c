import type { Principal } from "@keruta/shared/domain";
import type { AccountStore, Session, Token } from "@keruta/shared/queue";
import { csrfTokenOf, digestOf, isSame } from "./digest.ts";

/** What of a request tells who sends it. */
export interface Credentials {
  readonly method: string;
  readonly authorization: string | undefined;
  /** Of the session cookie. */
  readonly session: string | undefined;
  /** What a changing request of a session repeats, from the header X-CSRF-Token. */
  readonly csrf: string | undefined;
}

/** Methods that change nothing need no second proof. */
const safeMethods = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * The principal of a request, or undefined. A cookie that another site made the browser send along is worth nothing
 * by itself: a change needs the session's CSRF token too.
 */
export async function authenticate(
  credentials: Credentials,
  accounts: AccountStore,
): Promise<Principal | undefined> {
  const { method, authorization, session, csrf } = credentials;
  const [, bearer] = /^Bearer +(\S+)$/i.exec(authorization ?? "") ?? [];
  if (bearer !== undefined) {
    const token = await accounts.findToken(digestOf(bearer));
    return token && ofToken(token);
  }
  if (session === undefined || authorization !== undefined) return undefined;
  const found = await accounts.findSession(digestOf(session));
  if (!found) return undefined;
  const isProved = csrf !== undefined && isSame(csrf, csrfTokenOf(session));
  return safeMethods.has(method) || isProved ? ofSession(found) : undefined;
}

function ofToken({ name, role, namespaces, attempt }: Token): Principal {
  return {
    name: attempt ? `agent:${attempt.taskId}/${String(attempt.number)}` : `token:${name}`,
    role,
    namespaces,
    attempt,
  };
}

export function ofSession({ user: { name, role, namespaces } }: Pick<Session, "user">): Principal {
  return { name: `user:${name}`, role, namespaces, attempt: null };
}
