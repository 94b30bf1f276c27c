import { connect, type Socket } from "node:net";
import { once } from "node:events";
import { expect, test } from "vitest";
import { openSqliteHarness } from "../../packages/shared/src/queue/sqlite/sqlite.harness.ts";
import { claimed, line, newTask, resultOf } from "../../packages/shared/src/queue/queue.harness.ts";
import { openApiHarness } from "../api/api.harness.ts";
import { liveBytes } from "../../packages/runner/src/follow/live-bytes.harness.ts";

const lines = 20_000;
const text = "x".repeat(1000);

/** Follows over a raw connection, so that the test says when it is read. */
async function follow(url: string, taskId: string, token: string): Promise<Socket> {
  const { port } = new URL(url);
  const socket = connect(Number(port), "127.0.0.1");
  await once(socket, "connect");
  socket.write(
    `GET /api/tasks/${taskId}/log HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\nauthorization: Bearer ${token}\r\nconnection: close\r\n\r\n`,
  );
  return socket;
}

/** Sequences of the events up to the end. */
async function sequencesOf(socket: Socket): Promise<readonly number[]> {
  const found: number[] = [];
  let rest = "";
  for await (const chunk of socket.setEncoding("latin1")) {
    rest += String(chunk);
    const cut = rest.lastIndexOf("\n") + 1;
    for (const [, id] of rest.slice(0, cut).matchAll(/^id: (\d+)\r?$/gm)) found.push(Number(id));
    if (rest.includes("event: End")) break;
    rest = rest.slice(cut);
  }
  return found;
}

test(
  "who does not read slows neither the writer nor the others, and misses nothing",
  { timeout: 60_000 },
  async () => {
    const store = await openSqliteHarness();
    const api = await openApiHarness(store);
    try {
      const { queue, world } = store;
      await queue.addTask(newTask());
      const { lease } = await claimed(queue, world.holder(1));
      const token = await api.token("viewer");
      const slow = await follow(api.url, lease.taskId, token);
      slow.pause();
      const quick = sequencesOf(await follow(api.url, lease.taskId, token));
      const before = await liveBytes(process);
      for (let from = 1; from <= lines; from += 500)
        await queue.appendLog(
          lease,
          Array.from({ length: 500 }, (_, n) => line(from + n, text)),
        );
      await queue.settle(lease, resultOf(), null);
      const all = Array.from({ length: lines }, (_, n) => n + 1);
      expect(await quick).toEqual(all);
      // 20 MB of text, 24 MB as events: what nobody has read is not in memory.
      expect((await liveBytes(process)) - before).toBeLessThan(12e6);
      slow.resume();
      expect(await sequencesOf(slow)).toEqual(all);
    } finally {
      await api.dispose();
    }
  },
);
