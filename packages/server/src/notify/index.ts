export { configuredChannels, notifyConfig, usedChannels, type NotifyConfig } from "./config.ts";
export { readNotifySecrets } from "./secrets.ts";
export { shownDelivery, type ShownDelivery } from "./shown-delivery.ts";
export { testChannels } from "./test-channels.ts";
