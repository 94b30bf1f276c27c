import { isIP } from "node:net";
import type { Text } from "@keruta/shared/domain";
import { oneLine } from "../text/clean.ts";
import { later, refused, type SendOutcome } from "./outcome.ts";

export interface MailServer {
  readonly host: string;
  readonly port: number;
  readonly security: "starttls" | "tls" | "none";
  /** null: no login. */
  readonly login: { readonly user: string; readonly password: string } | null;
  /** In PEM, instead of the system's; for tests. */
  readonly ca?: string;
}

export interface Mail {
  /** The same however often it is sent. */
  readonly messageId: string;
  readonly from: string;
  /** Plain addresses. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

/** Of each step, and of all of them together: a server that trickles is no better than one that is silent. */
const usualTimeout = 15_000;
const steps = 3;

/** Sends one email over a connection of its own. Receivers that are refused keep none of the others from it. */
export async function sendMail(
  server: MailServer,
  mail: Mail,
  signal: AbortSignal,
  timeoutMilliseconds = usualTimeout,
): Promise<SendOutcome> {
  if (server.login && server.security === "none") return refused(inTheClear);
  // Loading it takes 40 ms, which only a server that sends email should pay.
  const { createTransport } = await import("nodemailer");
  const transport = createTransport({
    host: server.host,
    port: server.port,
    secure: server.security === "tls",
    requireTLS: server.security === "starttls",
    ignoreTLS: server.security === "none",
    connectionTimeout: timeoutMilliseconds,
    greetingTimeout: timeoutMilliseconds,
    socketTimeout: timeoutMilliseconds,
    dnsTimeout: timeoutMilliseconds,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(server.login && { auth: { user: server.login.user, pass: server.login.password } }),
    tls: {
      minVersion: "TLSv1.2",
      ...(isIP(server.host) === 0 && { servername: server.host }),
      ...(server.ca !== undefined && { ca: server.ca }),
    },
  });
  try {
    const info = await transport.sendMail({
      messageId: mail.messageId,
      from: { name: "keruta", address: mail.from },
      to: mail.to.map((address) => ({ name: "", address })),
      subject: mail.subject,
      text: mail.text,
      headers: { "Auto-Submitted": "auto-generated" },
      signal: AbortSignal.any([signal, AbortSignal.timeout(steps * timeoutMilliseconds)]),
    });
    return outcomeOf(info.response, refusalsOf(info));
  } catch (error) {
    return failureOf(error);
  } finally {
    transport.close();
  }
}

interface Refusal {
  readonly recipient: string;
  readonly isPassing: boolean;
  readonly words: string;
}

/** What nodemailer says of receivers, on a result or on an error. */
interface Refusals {
  readonly rejectedErrors?: readonly SmtpError[] | undefined;
}

interface SmtpError {
  readonly message: string;
  readonly responseCode?: number | undefined;
  readonly response?: string | undefined;
  readonly recipient?: string | undefined;
}

function refusalsOf({ rejectedErrors = [] }: Refusals): readonly Refusal[] {
  return rejectedErrors.map(({ recipient = "", responseCode = 0, response, message }) => ({
    recipient,
    isPassing: responseCode < 500,
    words: oneLine(response ?? message, 200),
  }));
}

/** Some have it. Those that may take it later get it later, and nobody twice. */
function outcomeOf(response: string, refusals: readonly Refusal[]): SendOutcome {
  const passing = refusals.filter(({ isPassing }) => isPassing).map(({ recipient }) => recipient);
  const detail = said(oneLine(response, 200), refusals);
  if (passing.length === 0) return { kind: "sent", detail };
  return { kind: "later", detail, retryAfter: null, recipients: passing };
}

function failureOf(error: unknown): SendOutcome {
  if (!(error instanceof Error)) throw error;
  const { responseCode, response, ...rest } = error as Error & SmtpError & Refusals;
  const refusals = refusalsOf(rest);
  const detail = said(oneLine(response ?? error.message, 200), refusals);
  const passing = refusals.filter(({ isPassing }) => isPassing).map(({ recipient }) => recipient);
  if (passing.length > 0) return { kind: "later", detail, retryAfter: null, recipients: passing };
  // Without a code nobody has refused anything: it was not reached, or broke off.
  return responseCode !== undefined && responseCode >= 500 ? refused(detail) : later(detail);
}

function said(words: string, refusals: readonly Refusal[]): Text {
  if (refusals.length === 0) return { en: words, ja: words };
  const list = refusals.map((one) => `${one.recipient} (${one.words})`).join(", ");
  return {
    en: `${words}; refused for ${list}`,
    ja: `${words}（拒否された宛先: ${list}）`,
  };
}

const inTheClear: Text = {
  en: "a password is not sent in the clear: set keruta.notify.email.security to starttls or tls, or no user",
  ja: "パスワードは平文では送りません。keruta.notify.email.security を starttls か tls にするか、user を空にしてください",
};
