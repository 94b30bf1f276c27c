import type { DeliveryState } from "@keruta/shared/queue";
import type { ShownDelivery } from "@keruta/server/notify";
import type { Context } from "../../context/context.ts";
import { placeOf } from "../../context/database.ts";
import { readNotifyConfig } from "../../context/notify-config.ts";

interface ChannelResult {
  readonly channel: string;
  readonly ok: boolean;
  readonly detail: string;
}

export interface ListFilter {
  readonly limit: number;
  readonly state: DeliveryState | undefined;
}

/** The queue's notifications, through its server or on the database itself. */
export interface Notifications {
  /** undefined: the channels that the rules use. */
  test(channels: readonly string[] | undefined): Promise<readonly ChannelResult[]>;
  list(filter: ListFilter): Promise<readonly ShownDelivery[]>;
}

export async function notificationsOf(context: Context): Promise<Notifications> {
  const place = placeOf(context);
  return place.kind === "api" ? await byServer(context, place.url) : onDatabase(context);
}

async function byServer(context: Context, url: string): Promise<Notifications> {
  const { createHttp } = await import("@keruta/shared/api");
  const { apiOptions } = await import("../../api/api-options.ts");
  const http = createHttp(await apiOptions(context, url));
  return {
    async test(channels) {
      const path = "/notifications/test";
      const json = channels === undefined ? {} : { channels };
      return (await http.json<{ items: readonly ChannelResult[] }>({ method: "POST", path, json })).items;
    },
    async list({ limit, state }) {
      const query = { limit, state };
      return (await http.json<{ items: readonly ShownDelivery[] }>({ path: "/notifications", query })).items;
    },
  };
}

function onDatabase(context: Context): Notifications {
  const { clock, random, version, language } = context;
  return {
    async test(channels) {
      const { testChannels } = await import("@keruta/server/notify");
      const config = await readNotifyConfig(context);
      const { uid: queueUid } = await context.openQueue();
      const { signal } = new AbortController();
      const sending = { config, queueUid, version, clock, random, signal };
      const results = await testChannels(channels ?? null, sending);
      return results.map(({ channel, ok, detail }) => ({ channel, ok, detail: detail[language] }));
    },
    async list({ limit, state }) {
      const { shownDelivery } = await import("@keruta/server/notify");
      const { queue, notify } = await context.openStore();
      try {
        const deliveries = await notify.listDeliveries({ limit, ...(state && { state }) });
        return deliveries.map((delivery) => shownDelivery(delivery, language));
      } finally {
        await queue.close();
      }
    },
  };
}
