import type { Event } from "@keruta/shared/domain";
import { expect, test } from "vitest";
import type { Api } from "../api/api.ts";
import { createTaskLoader } from "./load-task.ts";

const pageSize = 3;

/** A server with these events of the task, and what was asked of it. */
function served(events: Pick<Event, "seq" | "type" | "attempt">[]) {
  const asked: unknown[] = [];
  const api = {
    json: (({ path, query }) => {
      if (path !== "/events") return Promise.resolve({ items: [] });
      const after = Number(query?.["after"]);
      asked.push(after);
      const items = events.filter(({ seq }) => seq > after).slice(0, pageSize);
      return Promise.resolve({ items, nextAfter: items.at(-1)?.seq ?? after });
    }) as Api["json"],
  };
  return { api, asked };
}

const progress = (seq: number) => ({ seq, type: "Progress" as const, attempt: 1 });
const { signal } = new AbortController();
const seqs = (events: readonly Event[]) => events.map(({ seq }) => seq);

test("the end of a long history is there, and its steps of progress are the last one", async () => {
  const events = [
    { seq: 1, type: "TaskAdded" as const, attempt: null },
    ...Array.from({ length: 3000 }, (_, n) => progress(n + 2)),
    { seq: 3002, type: "TaskFinished" as const, attempt: null },
  ];
  const load = createTaskLoader(served(events).api, "k7m2xqaf4t");
  expect(seqs((await load(signal)).events)).toEqual([1, 3001, 3002]);
});

test("what is known is not read again", async () => {
  const events = [progress(1), progress(2)];
  const { api, asked } = served(events);
  const load = createTaskLoader(api, "k7m2xqaf4t");
  await load(signal);
  events.push(progress(3));
  asked.splice(0);
  expect(seqs((await load(signal)).events)).toEqual([3]);
  expect(asked).toEqual([2, 3]);
});
