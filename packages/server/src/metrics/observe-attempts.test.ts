import type { Event, Task } from "@keruta/shared/domain";
import { expect, test } from "vitest";
import { observeAttempts } from "./observe-attempts.ts";

test("an attempt is counted once, though the look at the next one fails and is made again", async () => {
  const finished = (seq: number) => ({ seq, type: "AttemptFinished", taskId: `t${String(seq)}`, attempt: 1 });
  const events = [1, 2].map(finished) as unknown as Event[];
  const counted: string[] = [];
  let isAway = true;
  const queue = {
    lastEventSeq: async () => 0,
    readEvents: async ({ after }: { after: number }) => events.filter(({ seq }) => seq > after),
    getTask: async (id: string) => {
      if (id === "t2" && isAway) {
        isAway = false;
        throw new Error("away");
      }
      return { id } as Task;
    },
  };
  const deps = {
    queue,
    changes: async function* () {
      yield undefined;
      yield undefined;
    },
    metrics: { attempt: ({ id }: Task) => void counted.push(id) },
    stopping: new AbortController().signal,
    log: { warn: () => undefined },
  } as unknown as Parameters<typeof observeAttempts>[0];
  await observeAttempts(deps);
  expect(counted).toEqual(["t1", "t2"]);
});
