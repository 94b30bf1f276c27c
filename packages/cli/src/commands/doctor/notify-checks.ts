import { parseChannel } from "@keruta/shared/domain";
import type { NotifyConfig } from "@keruta/server/notify";
import type { Context } from "../../context/context.ts";
import { readNotifyConfig } from "../../context/notify-config.ts";
import { failedWith, ok, warning, type Check } from "./check.ts";

const name = "notifications";
const looksBack = 86_400_000;

/** What could not be sent within the last day, and what is missing here; nothing is sent. Empty: nobody is told. */
export async function notifyChecks(context: Context): Promise<readonly Check[]> {
  try {
    const { configuredChannels, usedChannels } = await import("@keruta/server/notify");
    const config = await readNotifyConfig(context);
    const channels = usedChannels(config);
    if (channels.length === 0) return [];
    const missing = missingOf(config, channels, configuredChannels(config));
    return [missing ?? (await deliveriesCheck(context, channels))];
  } catch (error) {
    return [failedWith(name, error)];
  }
}

async function deliveriesCheck(context: Context, channels: readonly string[]): Promise<Check> {
  const { queue, notify } = await context.openStore();
  try {
    const since = new Date(context.clock() - looksBack).toISOString();
    const [latest, ...others] = await notify.listDeliveries({ limit: 100, state: "failed", since });
    const list = channels.join(", ");
    if (!latest) return ok(name, { en: `go to ${list}`, ja: `通知先: ${list}` });
    const count = String(others.length + 1);
    const { channel, detail } = latest;
    return warning(
      name,
      {
        en: `${count} messages of the last day could not be sent, the latest to ${channel}: ${detail?.en ?? ""}`,
        ja: `直近 1 日の通知 ${count} 件を送信できませんでした。最新は ${channel}: ${detail?.ja ?? ""}`,
      },
      {
        en: "`keruta notify list --state failed -o wide` lists them, `keruta notify test` tries again.",
        ja: "`keruta notify list --state failed -o wide` で一覧し、`keruta notify test` で確認できます。",
      },
    );
  } finally {
    await queue.close();
  }
}

/** What a channel needs that is not here. On a machine without the server's secrets it may be right so. */
function missingOf(
  config: NotifyConfig,
  channels: readonly string[],
  configured: readonly string[],
): Check | undefined {
  const needs = channels.flatMap((text) => {
    const channel = parseChannel(text);
    switch (channel?.kind) {
      case "email":
        if (config.email.host === "") return ["keruta.notify.email.host"];
        return config.email.user !== "" && config.secrets.smtpPassword === null
          ? ["KERUTA_NOTIFY_SMTP_PASSWORD"]
          : [];
      case "webhook":
        if (config.webhookUrl === "") return ["keruta.notify.webhook.url"];
        return config.secrets.webhookSecret === null ? ["KERUTA_NOTIFY_WEBHOOK_SECRET"] : [];
      case "slack":
        return configured.includes(text) ? [] : [`KERUTA_NOTIFY_SLACK_WEBHOOK_URL (${text})`];
      case undefined:
        return [];
    }
  });
  if (needs.length === 0) return undefined;
  const list = [...new Set(needs)].join(", ");
  return warning(
    name,
    {
      en: `rules need what is not set here: ${list}`,
      ja: `ルールに必要な次のものがここにはありません: ${list}`,
    },
    {
      en: "Set it where `keruta serve` runs: only that process sends.",
      ja: "`keruta serve` を実行する環境に設定してください。送信するのはそのプロセスだけです。",
    },
  );
}
