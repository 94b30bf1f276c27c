/** A process that archives and removes what is due, again and again: `archiver.fixture.ts URL LOCATION`. */
import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { archiveDueLogs } from "../../packages/server/src/upkeep/archive-due-logs.ts";
import { rotation } from "./logs.harness.ts";
import { openStore } from "./store.harness.ts";

const [url = "", location = ""] = process.argv.slice(2);
const store = await openStore(url);
const every = (milliseconds: number, act: () => void) => {
  const timer = setInterval(act, milliseconds);
  return () => {
    clearInterval(timer);
  };
};
const stopping = new AbortController();
// Who reads its words may have ended before it.
process.stdout.on("error", () => undefined);
process.on("SIGTERM", () => {
  stopping.abort();
});
process.stdout.write("ready\n");
while (!stopping.signal.aborted) {
  try {
    const archived = await archiveDueLogs({
      store,
      location,
      rule: rotation,
      clock: Date.now,
      random: randomBytes,
      timers: { every },
      signal: stopping.signal,
      warn: (error) => {
        process.stdout.write(`${JSON.stringify({ warned: error.code })}\n`);
      },
    });
    process.stdout.write(`${JSON.stringify(archived ?? "another")}\n`);
  } catch (error) {
    process.stdout.write(
      `${JSON.stringify({ failed: (error as { code?: string }).code ?? String(error) })}\n`,
    );
  }
  await pause(20);
}
await store.queue.close();
