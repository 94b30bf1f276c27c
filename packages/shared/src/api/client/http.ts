import { errorCodes, KerutaError, type ErrorCode } from "../../domain/error.ts";
import type { Language, Text } from "../../domain/text.ts";
import type { ErrorBody } from "../error-status.ts";

export interface HttpOptions {
  /** Of the server, without `/api`. */
  readonly url: string;
  readonly token: string | undefined;
  readonly language: Language;
  readonly userAgent: string;
  readonly fetch: typeof fetch;
}

export interface HttpRequest {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below `/api`, its parts encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;
  readonly json?: unknown;
  readonly bytes?: Uint8Array;
  /** A body of a length that is not known, sent in chunks as the server takes them. */
  readonly stream?: AsyncIterable<Uint8Array>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** No bound in time: a stream, or an upload of any size. */
  readonly isLong?: boolean;
}

interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

/** All throw what the server refuses as the KerutaError that it names, and KRT_SERVER_UNREACHABLE. */
export interface Http {
  readonly url: string;
  /** For what the answer's status alone tells. */
  send(request: HttpRequest): Promise<void>;
  json<T>(request: HttpRequest): Promise<T>;
  answer<T>(request: HttpRequest): Promise<Answer<T>>;
  /** The answer's body as it comes, without a bound in time. */
  chunks(request: Omit<HttpRequest, "isLong">): AsyncGenerator<Uint8Array, void>;
}

/** A server that is alive answers sooner. */
const answerMilliseconds = 30_000;

export function createHttp(options: HttpOptions): Http {
  const { url, token, language, userAgent } = options;
  const base = url.replace(/\/+$/, "");

  const failureOf = ({ signal: stop }: HttpRequest, error: unknown): unknown =>
    stop?.aborted ? stop.reason : unreachable(base, error);
  /** An answer below 400. */
  const ask = async (request: HttpRequest): Promise<Response> => {
    const {
      method = "GET",
      path,
      query = {},
      json,
      bytes,
      stream,
      headers,
      signal,
      isLong = false,
    } = request;
    const target = new URL(`${base}/api${path}`);
    for (const [name, value] of Object.entries(query)) {
      if (value === undefined) continue;
      for (const one of typeof value === "object" ? value : [value])
        target.searchParams.append(name, String(one));
    }
    const bound = isLong ? [] : [AbortSignal.timeout(answerMilliseconds)];
    let answer: Response;
    try {
      answer = await options.fetch(target, {
        method,
        headers: {
          accept: "application/json",
          "accept-language": language,
          "user-agent": userAgent,
          ...(token !== undefined && { authorization: `Bearer ${token}` }),
          ...(json !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
        ...(stream
          ? { body: ReadableStream.from(stream), duplex: "half" as const }
          : { body: bodyOf(json, bytes) }),
        // A redirect would take the token along.
        redirect: "error",
        signal: AbortSignal.any([...bound, ...(signal ? [signal] : [])]),
      });
    } catch (error) {
      throw failureOf(request, error);
    }
    if (answer.status < 400) return answer;
    throw await refusalOf(answer, base);
  };
  const answer = async <T>(request: HttpRequest): Promise<Answer<T>> => {
    const response = await ask(request);
    try {
      return { status: response.status, body: (await response.json()) as T };
    } catch (error) {
      throw failureOf(request, error);
    }
  };
  return {
    url: base,
    async send(request) {
      const { body } = await ask(request);
      // It may have broken off: what is asked for is done all the same.
      await body?.cancel().catch(() => undefined);
    },
    answer,
    json: async <T>(request: HttpRequest) => (await answer<T>(request)).body,
    async *chunks(request) {
      const { body } = await ask({ ...request, isLong: true });
      if (!body) return;
      try {
        yield* body;
      } catch (error) {
        throw request.signal?.aborted ? request.signal.reason : brokeOff(base, error);
      }
    },
  };
}

function bodyOf(json: unknown, bytes: Uint8Array | undefined): string | Uint8Array<ArrayBuffer> | null {
  if (json !== undefined) return JSON.stringify(json);
  return bytes === undefined ? null : (bytes as Uint8Array<ArrayBuffer>);
}

async function refusalOf(answer: Response, server: string): Promise<KerutaError> {
  const text = await answer.text().catch(() => "");
  const said = parseError(text);
  if (!said) return unreadable(server, answer.status, text);
  const { code, message, hint, details } = said;
  const same = (words: string): Text => ({ en: words, ja: words });
  return new KerutaError(isErrorCode(code) ? code : "KRT_SERVER_REFUSED", same(message), {
    details: { ...details, status: answer.status },
    ...(answer.status === 401 ? { hint: signIn } : hint !== undefined && { hint: same(hint) }),
  });
}

function parseError(text: string): ErrorBody["error"] | undefined {
  try {
    const { error } = JSON.parse(text) as Partial<ErrorBody>;
    return typeof error?.code === "string" && typeof error.message === "string" ? error : undefined;
  } catch {
    // A proxy answers in its own words.
    return undefined;
  }
}

function isErrorCode(code: string): code is ErrorCode {
  return (errorCodes as readonly string[]).includes(code);
}

const signIn: Text = {
  en: "Give a token with --token-file FILE or KERUTA_API_TOKEN; an administrator makes one with `keruta token create`.",
  ja: "--token-file FILE または KERUTA_API_TOKEN でトークンを指定してください。管理者は `keruta token create` で作成できます。",
};

function unreadable(server: string, status: number, text: string): KerutaError {
  const words = text.trim().slice(0, 200);
  const said = words === "" ? `HTTP ${String(status)}` : `HTTP ${String(status)}: ${words}`;
  return new KerutaError(
    status === 401
      ? "KRT_SERVER_UNAUTHORIZED"
      : status >= 500
        ? "KRT_SERVER_UNREACHABLE"
        : "KRT_SERVER_REFUSED",
    {
      en: `The server at ${server} did not answer as keruta does (${said}).`,
      ja: `サーバー ${server} の応答が keruta のものではありません（${said}）。`,
    },
    {
      hint: checkUrl,
      // A proxy without a server behind it, or a server that stops.
      details: { status, ...(status >= 502 && status <= 504 && { transient: true, stored: "unknown" }) },
    },
  );
}

const checkUrl: Text = {
  en: "Check --api-url (KERUTA_API_URL), and what lies between here and the server.",
  ja: "--api-url（KERUTA_API_URL）と、サーバーまでの経路を確認してください。",
};

function unreachable(server: string, cause: unknown): KerutaError {
  const why = reasonOf(cause);
  return new KerutaError(
    "KRT_SERVER_UNREACHABLE",
    {
      en: `The server at ${server} cannot be reached: ${why}.`,
      ja: `サーバー ${server} に接続できません: ${why}`,
    },
    { cause, hint: checkUrl, details: { transient: true, stored: storedOf(cause) } },
  );
}

/** What came before is a part of the whole. */
function brokeOff(server: string, cause: unknown): KerutaError {
  const why = reasonOf(cause);
  return new KerutaError(
    "KRT_SERVER_UNREACHABLE",
    {
      en: `The answer of the server at ${server} broke off: ${why}.`,
      ja: `サーバー ${server} からの応答が途中で途切れました: ${why}`,
    },
    {
      cause,
      hint: {
        en: "Try again; where it breaks off again, the server's log says why.",
        ja: "もう一度実行してください。繰り返し途切れる場合は、サーバーのログに原因が記録されています。",
      },
      details: { transient: true },
    },
  );
}

/** What was never sent changed nothing; of all else nobody knows. */
function storedOf(error: unknown): "nothing" | "unknown" {
  const { cause } = error as { readonly cause?: { readonly code?: unknown } };
  const codes = cause instanceof AggregateError ? cause.errors : [cause];
  const neverSent = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;
  return codes.every((one) => neverSent.test(String((one as { code?: unknown } | undefined)?.code)))
    ? "nothing"
    : "unknown";
}

/** `fetch` says "fetch failed" and hides why. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "no answer in time";
  const { cause } = error;
  if (cause instanceof AggregateError && cause.errors.length > 0) return reasonOf(cause.errors[0]);
  return (cause instanceof Error ? cause.message : error.message).replace(/\.$/, "");
}
