import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { createServerLog, makeFirstToken, startServer, type Tls } from "@keruta/server/serve";
import type { ServerStore } from "@keruta/shared/queue";
import { artifactStore } from "../../context/artifact-store.ts";
import { upkeepRules } from "../../context/retention.ts";
import { readNotifyConfig } from "../../context/notify-config.ts";
import { readSettings } from "../../context/read-settings.ts";
import { untilThere } from "../../context/until-there.ts";
import { interruptible } from "../../context/signals.ts";
import { runSettings } from "../../driving/run-settings.ts";
import { fileError } from "../../files/file-error.ts";
import { writeWords } from "../../io/write-words.ts";
import { publishToken } from "./publish-token.ts";
import type { ServeCommandOptions } from "./serve.ts";
import { tellStored } from "./tell-stored.ts";

/** Serves the API until a signal; a second one leaves at once. */
export async function runServe(options: ServeCommandOptions): Promise<void> {
  const { context, host, port, tlsInFront, grace } = options;
  const { clock, random, version, machine, io, paths } = context;
  context.trustsDirectory = true;
  const tls = await readTls(options);
  const store = await untilThere(context, () => context.openStore());
  try {
    await untilThere(context, () => tellStored(context, store.queue));
    const log = createServerLog({
      write: (line) => void writeWords(io.stderr, line),
      level: context.globals.verbose === true ? "info" : "warn",
      clock,
    });
    const server = await startServer({
      store,
      address: { host, port },
      tls,
      isBehindProxy: tlsInFront,
      clock,
      random,
      version,
      log,
      timers: machine.timers,
      holder: machine.processes.self,
      upkeep: async () => upkeepRules(await readSettings(context)),
      panel: machine.panel,
      doctor: async () => {
        const { allChecks } = await import("../doctor/all-checks.ts");
        return await allChecks(context, false);
      },
      notifyConfig: () => readNotifyConfig(context),
      runSettings: async () => runSettings(await readSettings(context)),
      artifactRoot: async () => artifactStore(paths, await readSettings(context)),
    });
    try {
      await serveUntilSignal(options, store, server.url);
    } finally {
      await server.stop(grace);
    }
  } finally {
    await store.queue.close();
  }
}

async function serveUntilSignal(
  options: ServeCommandOptions,
  { queue, accounts }: ServerStore,
  url: string,
): Promise<void> {
  const { context } = options;
  const { random } = context;
  const publish = publishToken(options, url);
  await untilThere(context, () => makeFirstToken({ accounts, random, publish }));
  await context.notify({
    en: `serving ${queue.name} at ${url}`,
    ja: `${url} で ${queue.name} を公開しています`,
  });
  const working = options.worker ? workUntilSignal(options) : Promise.resolve();
  // A worker within it ends at each of these, and a server without its worker is not what was asked for.
  await interruptible(context.signals, (signal) => Promise.race([aborted(signal), failing(working)]), [
    "SIGINT",
    "SIGTERM",
    "SIGHUP",
  ]);
  await context.notify({ en: "stopping", ja: "停止しています" });
  // Who follows a task that this process drives sees its end.
  await working;
}

/** Listens for the same signals itself: drains at once, and hands over after the grace. */
async function workUntilSignal({ context, worker, grace }: ServeCommandOptions): Promise<void> {
  const { runWorker } = await import("../worker/run-worker.ts");
  const concurrency = worker?.concurrency;
  await runWorker({
    context,
    concurrency,
    untilEmpty: false,
    isWithinServer: true,
    runner: undefined,
    grace,
    format: "text",
  });
}

/** Ends only by a failure: a worker that has drained was told to by the same signal. */
async function failing(working: Promise<void>): Promise<never> {
  await working;
  return await new Promise<never>(() => undefined);
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve: end } = Promise.withResolvers<undefined>();
  signal.addEventListener("abort", () => {
    end(undefined);
  });
  await promise;
}

async function readTls({ context, tls }: ServeCommandOptions): Promise<Tls | null> {
  if (!tls) return null;
  const read = async (file: string) => {
    try {
      return await readFile(resolve(context.directory, file), "utf8");
    } catch (error) {
      throw fileError(error, "read", file);
    }
  };
  return { certificate: await read(tls.certificate), key: await read(tls.key) };
}
