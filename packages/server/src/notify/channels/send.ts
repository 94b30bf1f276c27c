import { parseChannel, type Channel, type NotifyMessage, type Text } from "@keruta/shared/domain";
import type { NotifyConfig } from "../config.ts";
import { describeMessage } from "../text/describe.ts";
import { mailText } from "../text/mail-text.ts";
import { slackPayload } from "../text/slack-text.ts";
import { webhookBody } from "../text/webhook-body.ts";
import { createAddressGuard } from "./address-guard.ts";
import { sendMail } from "./mail.ts";
import { refused, type SendOutcome } from "./outcome.ts";
import { post } from "./post.ts";
import { signatureHeaders } from "./sign.ts";

/** What is sent: a delivery, or a test that is none. */
export interface Sending {
  readonly id: string;
  readonly channel: string;
  readonly message: NotifyMessage;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Of an email: only these; null: all. */
  readonly recipients: readonly string[] | null;
}

export interface SendContext {
  readonly config: NotifyConfig;
  readonly queueUid: string;
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly signal: AbortSignal;
  /** Certificates of authorities in PEM, instead of the system's; for tests. */
  readonly ca?: string;
}

/** Brings a message to its channel, once. */
export async function send(sending: Sending, context: SendContext): Promise<SendOutcome> {
  const channel = parseChannel(sending.channel);
  switch (channel?.kind) {
    case "email":
      return await sendEmail(channel, sending, context);
    case "slack":
      return await sendSlack(channel, sending, context);
    case "webhook":
      return await sendWebhook(sending, context);
    case undefined:
      return refused({ en: "there is no such channel", ja: "そのような通知先はありません" });
  }
}

async function sendEmail(
  { address }: Extract<Channel, { kind: "email" }>,
  { id, message, recipients }: Sending,
  { config, queueUid, signal, ca }: SendContext,
): Promise<SendOutcome> {
  const { host, port, security, user, to } = config.email;
  const receivers = recipients ?? (address === null ? to : [address]);
  const from = config.email.from === "" ? (to[0] ?? address) : config.email.from;
  if (host === "") return refused(missing("keruta.notify.email.host"));
  if (receivers.length === 0 || from === null) return refused(missing("keruta.notify.email.to"));
  const { smtpPassword } = config.secrets;
  if (user !== "" && smtpPassword === null) return refused(missing("KERUTA_NOTIFY_SMTP_PASSWORD"));
  const described = describeMessage(message, config);
  const login = user === "" || smtpPassword === null ? null : { user, password: smtpPassword };
  const server = { host, port, security, login, ...(ca !== undefined && { ca }) };
  const mail = {
    messageId: `<${id}@${queueUid}.keruta>`,
    from,
    to: receivers,
    subject: described.subject,
    text: mailText(described),
  };
  return await sendMail(server, mail, signal);
}

async function sendSlack(
  { name }: Extract<Channel, { kind: "slack" }>,
  { message }: Sending,
  context: SendContext,
): Promise<SendOutcome> {
  const url = context.config.secrets.slackUrls.get(name ?? "");
  if (url === undefined) {
    const suffix = name === null ? "" : `_${name.toUpperCase().replaceAll("-", "_")}`;
    return refused(missing(`KERUTA_NOTIFY_SLACK_WEBHOOK_URL${suffix}`));
  }
  const body = JSON.stringify(slackPayload(describeMessage(message, context.config)));
  return await postTo(url, body, {}, context);
}

async function sendWebhook(sending: Sending, context: SendContext): Promise<SendOutcome> {
  const { config, clock, queueUid } = context;
  const { id, message, createdAt } = sending;
  if (config.webhookUrl === "") return refused(missing("keruta.notify.webhook.url"));
  const { webhookSecret } = config.secrets;
  if (webhookSecret === null) return refused(missing("KERUTA_NOTIFY_WEBHOOK_SECRET"));
  const body = webhookBody(message, { id, createdAt, queueUid });
  return await postTo(config.webhookUrl, body, signatureHeaders(id, clock(), body, webhookSecret), context);
}

async function postTo(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  { config, clock, signal, version, ca }: SendContext,
): Promise<SendOutcome> {
  return await post({
    url,
    body,
    headers: { "user-agent": `keruta/${version}`, ...headers },
    guard: createAddressGuard(config.allowedHosts),
    now: clock(),
    signal,
    ...(ca !== undefined && { ca }),
  });
}

function missing(name: string): Text {
  return { en: `${name} is not set`, ja: `${name} が設定されていません` };
}
