import { language, say } from "../language/language.ts";
import { dictionary } from "../language/dictionary.ts";
import { Problem, problemOf } from "./problem.ts";

/** Who calls: a session's second proof, or a token. */
export interface Credentials {
  readonly csrf: string | null;
  readonly token: string | null;
}

interface Call {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below `/api`. */
  readonly path: string;
  readonly query?: Query;
  readonly json?: unknown;
  readonly accept?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** A 401 is about what was sent, not about who sent it. */
  readonly isProof?: boolean;
  /** Instead of the ones of now. */
  readonly credentials?: Credentials;
}

export type Query = Readonly<Record<string, string | number | readonly string[] | undefined>>;

export interface Api {
  /** Throws a Problem for every answer that is no success. */
  send(call: Call): Promise<Response>;
  json<T>(call: Call): Promise<T>;
}

export interface ApiDeps {
  readonly fetch: (input: string, init: RequestInit) => Promise<Response>;
  readonly credentials: () => Credentials;
  /** Whether there are other credentials by now than these, with which a change was refused. */
  readonly renew: (refused: Credentials) => Promise<boolean>;
  /** The server does not know the caller any more. */
  readonly onUnauthorized: () => void;
}

const words = dictionary({
  unreachable: {
    en: "The server cannot be reached.",
    ja: "サーバーに接続できません。",
  },
});

export function createApi({ fetch, credentials, renew, onUnauthorized }: ApiDeps): Api {
  const ask = (call: Call, { csrf, token }: Credentials): Promise<Response> => {
    const { method = "GET", path, query, json, accept, headers = {}, signal } = call;
    const init: RequestInit = {
      method,
      headers: {
        accept: accept ?? "application/json",
        "accept-language": language.peek(),
        ...(json !== undefined && { "content-type": "application/json" }),
        ...(token !== null && { authorization: `Bearer ${token}` }),
        ...(csrf !== null && method !== "GET" && { "x-csrf-token": csrf }),
        ...headers,
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
      ...(signal && { signal }),
    };
    return fetch(apiUrl(path, query), init).catch((error: unknown) => {
      if (signal?.aborted === true) throw error;
      throw new Problem(0, "KRT_SERVER_UNREACHABLE", say(words.unreachable));
    });
  };
  const send = async (call: Call): Promise<Response> => {
    const sent = call.credentials ?? credentials();
    let answer = await ask(call, sent);
    const isChange = (call.method ?? "GET") !== "GET";
    if (answer.status === 401 && isChange && !call.credentials && (await renew(sent)))
      answer = await ask(call, credentials());
    if (answer.ok) return answer;
    if (answer.status === 401 && !call.credentials && call.isProof !== true) onUnauthorized();
    throw await problemOf(answer);
  };
  return {
    send,
    json: async <T>(call: Call) => (await (await send(call)).json()) as T,
  };
}

export function apiUrl(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of typeof value === "object" ? value : [value]) parameters.append(key, String(one));
  }
  const text = parameters.toString();
  return `/api${path}${text === "" ? "" : `?${text}`}`;
}
