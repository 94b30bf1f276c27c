import type { Command } from "commander";
import { deliveryStates, type DeliveryState } from "@keruta/shared/queue";
import type { ShownDelivery } from "@keruta/server/notify";
import { addOptions, createCommand } from "../../command-line/command.ts";
import { chooseFormat } from "../../command-line/format.ts";
import { choiceValue, integerValue } from "../../command-line/values.ts";
import type { Context } from "../../context/context.ts";
import { writeList } from "../../output/list.ts";
import { neutralise } from "../../output/neutralise.ts";
import type { Column } from "../../output/table.ts";
import { notificationsOf, type ListFilter } from "./notifications.ts";

const formats = ["text", "wide", "name", "json", "yaml", "jsonl"] as const;

export interface NotifyListOptions extends ListFilter {
  readonly context: Context;
  readonly format: (typeof formats)[number];
}

interface Flags {
  readonly limit?: number;
  readonly state?: DeliveryState;
  readonly output?: string;
}

export function notifyListCommand(context: Context, run = runNotifyList): Command {
  const command = createCommand(context, {
    name: "list",
    formats,
    examples: [
      {
        line: "keruta notify list --state failed -o wide",
        text: { en: "what could not be sent, and why", ja: "送信できなかった通知とその理由" },
      },
    ],
  });
  addOptions(context, command, [
    {
      flags: "--limit <number>",
      text: { en: "at most so many, the newest (default 50)", ja: "新しい順の最大件数（既定 50）" },
      parse: integerValue("--limit", 1, 1000),
    },
    {
      flags: "--state <state>",
      text: { en: `only ${deliveryStates.join(", ")}`, ja: `${deliveryStates.join("・")} だけを表示` },
      parse: choiceValue("--state", deliveryStates),
    },
  ]);
  return command.action(async (_: unknown, self: Command) => {
    const { limit = 50, state, output } = self.optsWithGlobals<Flags>();
    await run({ context, limit, state, format: chooseFormat(output, formats) });
  });
}

export async function runNotifyList({ context, limit, state, format }: NotifyListOptions): Promise<void> {
  const { stdout } = context.io;
  const items = await (await notificationsOf(context)).list({ limit, state });
  await writeList(stdout, format, {
    kind: "NotificationList",
    items,
    name: ({ id }) => id,
    columns: columns(format === "wide"),
  });
}

function columns(wide: boolean): readonly Column<ShownDelivery>[] {
  return [
    { header: "TIME", cell: ({ createdAt }) => createdAt },
    { header: "CHANNEL", cell: ({ channel }) => channel, shrinkTo: 10 },
    { header: "STATE", cell: ({ state }) => state },
    { header: "TRIES", cell: ({ tries }) => String(tries), dropOrder: 1 },
    { header: "SUBJECT", cell: ({ subject }) => neutralise(subject), shrinkTo: 20 },
    ...(wide
      ? [
          {
            header: "DETAIL",
            cell: ({ detail }: ShownDelivery) => neutralise(detail ?? "-"),
            shrinkTo: 20,
            dropOrder: 2,
          },
        ]
      : []),
  ];
}
