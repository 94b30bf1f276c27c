import {
  parseNotifyRules,
  type ChannelName,
  type Language,
  type NotifyRule,
  type Settings,
} from "@keruta/shared/domain";
import type { NotifySecrets } from "./secrets.ts";

/** How a server notifies, as its settings and secrets are now. Times are milliseconds. */
export interface NotifyConfig {
  readonly rules: readonly NotifyRule[];
  readonly language: Language;
  readonly groupWindow: number;
  readonly rateLimit: number;
  readonly rateWindow: number;
  readonly giveUpAfter: number;
  readonly logLines: number;
  readonly taskLink: string;
  readonly allowedHosts: readonly string[];
  readonly email: EmailConfig;
  /** Empty: no webhook. */
  readonly webhookUrl: string;
  readonly secrets: NotifySecrets;
}

interface EmailConfig {
  /** Empty: no email. */
  readonly host: string;
  readonly port: number;
  readonly security: "starttls" | "tls" | "none";
  readonly user: string;
  readonly from: string;
  readonly to: readonly string[];
}

export function notifyConfig(
  settings: Settings,
  secrets: NotifySecrets,
  serverLanguage: Language,
): NotifyConfig {
  const parsed = parseNotifyRules(settings.get("keruta.notify.rules"));
  if (!parsed.valid) throw new Error("rules that were checked cannot be read");
  const language = settings.get("keruta.notify.language");
  return {
    rules: parsed.rules,
    language: language === "server" ? serverLanguage : language,
    groupWindow: settings.get("keruta.notify.group-window"),
    rateLimit: settings.get("keruta.notify.rate-limit"),
    rateWindow: settings.get("keruta.notify.rate-window"),
    giveUpAfter: settings.get("keruta.notify.give-up-after"),
    logLines: settings.get("keruta.notify.log-lines"),
    taskLink: settings.get("keruta.notify.task-link"),
    allowedHosts: settings.get("keruta.notify.allowed-hosts"),
    email: {
      host: settings.get("keruta.notify.email.host"),
      port: settings.get("keruta.notify.email.port"),
      security: settings.get("keruta.notify.email.security"),
      user: settings.get("keruta.notify.email.user"),
      from: settings.get("keruta.notify.email.from"),
      to: settings.get("keruta.notify.email.to"),
    },
    webhookUrl: settings.get("keruta.notify.webhook.url"),
    secrets,
  };
}

/** What `all` stands for: the channels that are set up. */
export function configuredChannels({ email, secrets, webhookUrl }: NotifyConfig): readonly ChannelName[] {
  return [
    ...(email.host !== "" && email.to.length > 0 ? ["email"] : []),
    ...[...secrets.slackUrls.keys()].map((name) => (name === "" ? "slack" : `slack:${name}`)),
    ...(webhookUrl === "" ? [] : ["webhook"]),
  ];
}

/** Those that rules name or mean, each once. */
export function usedChannels(config: NotifyConfig): readonly ChannelName[] {
  const configured = configuredChannels(config);
  return [...new Set(config.rules.flatMap(({ to }) => (to === "all" ? configured : to)))];
}
