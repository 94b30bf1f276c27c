import type { Command } from "commander";
import { apiVersion } from "@keruta/shared/domain";
import { createCommand } from "../../command-line/command.ts";
import { chooseFormat } from "../../command-line/format.ts";
import type { Context } from "../../context/context.ts";
import { writeDocument } from "../../output/document.ts";
import { neutralise } from "../../output/neutralise.ts";
import { notificationsOf } from "./notifications.ts";

const formats = ["text", "json", "yaml"] as const;

export interface NotifyTestOptions {
  readonly context: Context;
  /** undefined: those that the rules use. */
  readonly channels: readonly string[] | undefined;
  readonly format: (typeof formats)[number];
}

export function notifyTestCommand(context: Context, run = runNotifyTest): Command {
  return createCommand(context, {
    name: "test",
    formats,
    examples: [
      {
        line: "keruta notify test",
        text: { en: "every channel that the rules use", ja: "ルールが使うすべての通知先" },
      },
      {
        line: "keruta notify test email:me@example.com slack:docs",
        text: { en: "these, whatever the rules say", ja: "ルールに関わらず、指定した通知先" },
      },
    ],
  })
    .argument("[channel...]")
    .action(async (channels: readonly string[], _: unknown, self: Command) => {
      const { output } = self.optsWithGlobals<{ output?: string }>();
      await run({
        context,
        channels: channels.length === 0 ? undefined : channels,
        format: chooseFormat(output, formats),
      });
    });
}

/** Really sends; exit code 1 where a channel did not take it. */
export async function runNotifyTest({ context, channels, format }: NotifyTestOptions): Promise<void> {
  const { io, translate } = context;
  const items = await (await notificationsOf(context)).test(channels);
  const failures = items.filter(({ ok }) => !ok).length;
  if (format === "text") {
    const sent = translate({ en: "sent", ja: "送信成功" });
    const failed = translate({ en: "failed", ja: "送信失敗" });
    for (const { channel, ok, detail } of items)
      await io.stdout.write(`${channel}: ${ok ? sent : failed}: ${neutralise(detail)}\n`);
  } else {
    await writeDocument(io.stdout, format, {
      apiVersion,
      kind: "NotificationTestList",
      ok: failures === 0,
      items,
    });
  }
  if (failures === 0) return;
  context.exitCode = 1;
  await context.complain({
    en: `${String(failures)} of ${String(items.length)} channels did not take the test.`,
    ja: `${String(items.length)} 件中 ${String(failures)} 件の通知先に送信できませんでした。`,
  });
}
