import { KerutaError, parseChannel, type NotifyMessage } from "@keruta/shared/domain";
import type { ChannelTest } from "../deps/env.ts";
import { send, type SendContext } from "./channels/send.ts";
import { usedChannels } from "./config.ts";

export interface TestContext extends SendContext {
  readonly random: (bytes: number) => Uint8Array;
}

const message: NotifyMessage = { tasks: [], events: [], heldBack: 0, omitted: 0 };

/**
 * Really sends a test to each channel, past all rules and limits, and tells what the other side said. null: the
 * channels that the rules use. Throws KRT_USAGE for a name that is none, and where there is nothing to test.
 */
export async function testChannels(
  channels: readonly string[] | null,
  context: TestContext,
): Promise<readonly ChannelTest[]> {
  const names = channels ?? usedChannels(context.config);
  if (names.length === 0) throw nothingSetUp();
  const wrong = names.find((name) => !parseChannel(name));
  if (wrong !== undefined) throw noChannel(wrong);
  return await Promise.all(
    [...new Set(names)].map(async (channel) => {
      const id = `test_${Buffer.from(context.random(16)).toString("hex")}`;
      const createdAt = new Date(context.clock()).toISOString();
      const { kind, detail } = await send({ id, channel, message, createdAt, recipients: null }, context);
      return { channel, ok: kind === "sent", detail };
    }),
  );
}

function nothingSetUp(): KerutaError {
  return new KerutaError(
    "KRT_USAGE",
    { en: "No channel of notifications is set up.", ja: "通知先が 1 つも設定されていません。" },
    {
      hint: {
        en: "For email: `keruta settings set notify.email.host=HOST notify.email.to=ADDRESS`; Slack's URL goes into KERUTA_NOTIFY_SLACK_WEBHOOK_URL.",
        ja: "メールなら `keruta settings set notify.email.host=ホスト notify.email.to=アドレス` を実行してください。Slack の URL は KERUTA_NOTIFY_SLACK_WEBHOOK_URL に置きます。",
      },
    },
  );
}

function noChannel(name: string): KerutaError {
  return new KerutaError(
    "KRT_USAGE",
    {
      en: `There is no channel ${JSON.stringify(name)}.`,
      ja: `通知先 ${JSON.stringify(name)} はありません。`,
    },
    {
      hint: {
        en: "Channels are email, email:ADDRESS, slack, slack:NAME and webhook.",
        ja: "通知先は email、email:アドレス、slack、slack:名前、webhook です。",
      },
      details: { channel: name },
    },
  );
}
