import { expect, test } from "vitest";
import { effectiveSettings } from "@keruta/shared/domain";
import type { DuePage, NotifyStore } from "@keruta/shared/queue";
import { notifyConfig } from "../config.ts";
import { gatherDue, type GatherDeps } from "./gather.ts";

test("tasks that cannot be told of, however many, keep nobody from hearing of those behind them", async () => {
  const page = (ids: readonly string[], next: number | null): DuePage => ({
    tasks: ids.map((taskId) => ({ taskId, notices: [] })),
    next,
  });
  const broken = Array.from({ length: 100 }, (_, n) => `broken-${String(n)}`);
  const taken: string[] = [];
  const store: Pick<NotifyStore, "listDue" | "takeNotices"> = {
    listDue: async (_, from) => (from === 0 ? page(broken, 7) : page(["sound"], null)),
    takeNotices: async (taskId) => {
      if (taskId !== "sound") throw new Error("not this one");
      return taken.push(taskId);
    },
  };
  const errors: unknown[] = [];
  const nothing = () => undefined;
  const deps = {
    store,
    queue: { getTask: async () => undefined },
    log: { info: nothing, warn: nothing, error: ({ taskId }: { taskId?: unknown }) => errors.push(taskId) },
  } as unknown as GatherDeps;
  const secrets = { smtpPassword: null, webhookSecret: null, slackUrls: new Map<string, string>() };
  const config = notifyConfig(effectiveSettings({}), secrets, "en");
  await gatherDue(deps, config, new AbortController().signal);
  expect(taken).toEqual(["sound"]);
  expect(errors).toEqual(broken);
});
