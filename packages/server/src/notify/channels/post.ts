import { request as requestHttp, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP } from "node:net";
import type { Text } from "@keruta/shared/domain";
import { oneLine } from "../text/clean.ts";
import type { AddressGuard } from "./address-guard.ts";
import { AddressRefused, guardedLookup } from "./guarded-lookup.ts";
import { later, refused, type SendOutcome } from "./outcome.ts";
import { retryAfterOf } from "./retry-after.ts";

export interface PostOptions {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly guard: AddressGuard;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly signal: AbortSignal;
  readonly timeoutMilliseconds?: number;
  /** In PEM, instead of the system's; for tests. */
  readonly ca?: string;
}

/** A receiver that takes its time takes it for an answer that nobody reads. */
const usualTimeout = 15_000;
/** Of an answer: enough for a sentence. */
const answerBytes = 4096;

/**
 * POSTs JSON, follows no redirect, and tells what came of it. 408, 425, 429 and 5xx may be better later; any other
 * answer but 2xx is final.
 */
export async function post(options: PostOptions): Promise<SendOutcome> {
  const { guard, now, signal, timeoutMilliseconds = usualTimeout } = options;
  const url = URL.canParse(options.url) ? new URL(options.url) : undefined;
  const wrong = url ? wrongPlace(url, guard) : noUrl;
  if (!url || wrong) return refused(wrong ?? noUrl);
  const bound = AbortSignal.timeout(timeoutMilliseconds);
  try {
    const { status, retryAfter, text } = await exchange(url, options, AbortSignal.any([signal, bound]));
    const said = answered(status, text);
    if (status >= 200 && status < 300) return { kind: "sent", detail: said };
    const isPassing = status >= 500 || [408, 425, 429].includes(status);
    return isPassing ? later(said, retryAfterOf(retryAfter, now)) : refused(said);
  } catch (error) {
    if (error instanceof AddressRefused) return refused(privateAddress(url.hostname, error.address));
    return later(bound.aborted ? tooSlow(timeoutMilliseconds) : notReached(error));
  }
}

/** What of a URL is wrong whoever resolves it; undefined: nothing. The path is a secret of Slack's. */
function wrongPlace(url: URL, guard: AddressGuard): Text | undefined {
  const host = url.hostname.replaceAll(/[[\]]/g, "");
  if (guard.listsHost(host)) return /^https?:$/.test(url.protocol) ? undefined : noUrl;
  if (url.protocol !== "https:") return notHttps(host);
  if (guard.isPrivateName(host)) return privateAddress(host, host);
  return isIP(host) !== 0 && !guard.allowsAddress(host) ? privateAddress(host, host) : undefined;
}

interface Answer {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly text: string;
}

async function exchange(url: URL, options: PostOptions, signal: AbortSignal): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const body = Buffer.from(options.body);
  const send = url.protocol === "https:" ? requestHttps : requestHttp;
  const request = send(url, {
    method: "POST",
    agent: false,
    headers: { ...options.headers, "content-type": "application/json", "content-length": body.length },
    lookup: guardedLookup(options.guard, url.hostname),
    signal,
    ...(options.ca !== undefined && { ca: options.ca }),
  });
  request.once("response", resolve);
  request.on("error", reject);
  request.end(body);
  try {
    const response = await promise;
    const text = await beginningOf(response);
    return { status: response.statusCode ?? 0, retryAfter: response.headers["retry-after"], text };
  } finally {
    request.destroy();
  }
}

async function beginningOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    parts.push(part);
    length += part.length;
    if (length >= answerBytes) break;
  }
  return Buffer.concat(parts).subarray(0, answerBytes).toString();
}

function answered(status: number, text: string): Text {
  const words = oneLine(text, 200);
  const said = `HTTP ${String(status)}${words === "" ? "" : `: ${words}`}`;
  return { en: said, ja: said };
}

const noUrl: Text = { en: "its URL cannot be read", ja: "URL を解釈できません" };

function notHttps(host: string): Text {
  return {
    en: `${host} is reached over https only, unless keruta.notify.allowed-hosts lists it`,
    ja: `${host} には https でのみ送信します（http を使うには keruta.notify.allowed-hosts に追加してください）`,
  };
}

function privateAddress(host: string, address: string): Text {
  const place = host === address ? host : `${host} (${address})`;
  return {
    en: `${place} is not a public address, and keruta.notify.allowed-hosts does not list it`,
    ja: `${place} は公開アドレスではなく、keruta.notify.allowed-hosts にもありません`,
  };
}

function tooSlow(milliseconds: number): Text {
  const seconds = String(milliseconds / 1000);
  return { en: `no answer within ${seconds} s`, ja: `${seconds} 秒以内に応答がありません` };
}

function notReached(error: unknown): Text {
  const cause = error instanceof AggregateError ? (error.errors[0] as unknown) : error;
  const why = oneLine(cause instanceof Error ? cause.message : String(cause), 200);
  return { en: `not reached: ${why}`, ja: `接続できません: ${why}` };
}
