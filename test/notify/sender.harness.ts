import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { shareChanges } from "../../packages/server/src/events/share-changes.ts";
import { createMetrics } from "../../packages/server/src/metrics/metrics.ts";
import { send } from "../../packages/server/src/notify/channels/send.ts";
import { configuredChannels, notifyConfig } from "../../packages/server/src/notify/index.ts";
import { startSender, type Sender, type SenderDeps } from "../../packages/server/src/notify/sender/sender.ts";
import { effectiveSettings, watchOf, type LogEntry } from "../../packages/shared/src/domain/index.ts";
import type { Delivery, Lease, ServerStore } from "../../packages/shared/src/queue/index.ts";
import {
  claimed,
  createWorld,
  failure,
  newTask,
  resultOf,
} from "../../packages/shared/src/queue/queue.harness.ts";
import { openSqliteStore } from "../../packages/shared/src/queue/sqlite/index.ts";

export interface SenderHarness extends AsyncDisposable {
  readonly store: ServerStore;
  /** What the sender logged, `level message`. */
  readonly words: readonly string[];
  /** A sender over the same database. Disposing of the harness stops it. */
  start(change?: Partial<SenderDeps>): Promise<Sender>;
  /** As the sender does it. */
  readonly send: SenderDeps["send"];
  begin(title: string): Promise<Lease>;
  /** Runs a task with this log to its end, and tells its id. */
  run(title: string, entries: readonly LogEntry[], end: "Error" | "Completed"): Promise<string>;
  /** Resolves when all deliveries have ended. */
  settled(): Promise<readonly Delivery[]>;
}

export interface SenderHarnessOptions {
  readonly settings: Readonly<Record<string, string>>;
  readonly slackUrl?: string;
  readonly webhookSecret?: string;
  /** Milliseconds that the clock of this store is ahead. */
  readonly ahead?: number;
  /** The directory of an earlier harness, to go on with its database. */
  readonly directory?: string;
}

/** Real databases and channels; the machine's clock. */
export async function openSenderHarness(
  options: SenderHarnessOptions,
): Promise<SenderHarness & { directory: string }> {
  const { settings, slackUrl, webhookSecret = null, ahead = 0 } = options;
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), "keruta-notify-")));
  const world = createWorld();
  const clock = () => Date.now() + ahead;
  const path = join(directory, "keruta.db");
  const store = await openSqliteStore({ path, processes: world.processes, clock, random: randomBytes });
  const { queue, notify } = store;
  const words: string[] = [];
  const say = (level: string) => (_: unknown, message: string) => void words.push(`${level} ${message}`);
  const log = { info: say("info"), warn: say("warn"), error: say("error") };
  const secrets = {
    smtpPassword: null,
    webhookSecret,
    slackUrls: new Map(slackUrl === undefined ? [] : [["", slackUrl]]),
  };
  const allowed = { "keruta.notify.allowed-hosts": "127.0.0.1", ...settings };
  const config = notifyConfig(effectiveSettings({ database: allowed }), secrets, "en");
  const senders: Sender[] = [];
  const deps: SenderDeps = {
    store: notify,
    queue,
    log,
    metrics: createMetrics(),
    clock,
    random: randomBytes,
    changes: shareChanges(queue),
    config: () => Promise.resolve(config),
    send: (delivery, current, signal) =>
      send(delivery, { config: current, queueUid: queue.uid, version: "1.2.3", clock, signal }),
    restMilliseconds: 5,
  };
  const begin = async (title: string) => {
    await queue.addTask(newTask({ title }));
    return (await claimed(queue, world.holder(1))).lease;
  };
  return {
    directory,
    store,
    words,
    send: deps.send,
    async start(change = {}) {
      // The sender says so too; here nothing may be missed before it has.
      await notify.setWatch(watchOf(config.rules, configuredChannels(config)));
      const sender = startSender({ ...deps, ...change });
      senders.push(sender);
      return sender;
    },
    begin,
    async run(title, entries, end) {
      const lease = await begin(title);
      for (let at = 0; at < entries.length; at += 500)
        await queue.appendLog(lease, entries.slice(at, at + 500));
      await queue.settle(lease, end === "Error" ? failure : resultOf(), null);
      return lease.taskId;
    },
    async settled() {
      for await (const _ of queue.changes(new AbortController().signal)) {
        const { firstNotice } = await notify.agenda();
        const deliveries = await notify.listDeliveries({ limit: 1000 });
        if (
          firstNotice === null &&
          deliveries.length > 0 &&
          deliveries.every(({ state }) => state !== "waiting")
        )
          return deliveries;
      }
      throw new Error("the store was closed");
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(senders.map((sender) => sender.stop(0)));
      await queue.close();
      if (options.directory === undefined) await rm(directory, { recursive: true });
    },
  };
}
