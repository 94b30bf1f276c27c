import { setTimeout as pause } from "node:timers/promises";
import { clusterUp } from "../faults/cluster.ts";
import { eventually } from "./eventually.ts";
import { signal } from "./fleet.ts";
import type { Round } from "./round-state.ts";

export interface SettleOptions {
  readonly milliseconds: number;
}

/** Everything is there again; workers bring all that is queued to its end. False where the time was not enough. */
export async function settle(round: Round, { milliseconds }: SettleOptions): Promise<boolean> {
  const { arena, store } = round;
  for (const proxy of [...arena.proxies.cluster, arena.proxies.postgres, arena.proxies.server]) {
    proxy?.connect();
    proxy?.delay(0);
  }
  const tools = process.env["KERUTA_TEST_CLUSTER"];
  if (arena.namespace && tools !== undefined) await clusterUp(tools);
  const done = await eventually(
    async () => {
      for (const status of ["PENDING", "IN_PROGRESS"] as const) {
        const { items } = await store.queue.listTasks({ statuses: [status], limit: 1 });
        if (items.length > 0) return undefined;
      }
      return true;
    },
    { milliseconds, interval: 500 },
  );
  return done === true;
}

const drainWithin = 20_000;
const stopWithin = 60_000;

/** Tells all drivers to leave, and then whoever does not; a last driver sweeps up what dead ones left. */
export async function stopFleet(round: Round): Promise<readonly string[]> {
  const { fleet } = round;
  const left: string[] = [];
  const args = ["submit", "--runner", "local", "--driver", "self", "--", "true"];
  const sweep = fleet.start({ role: "submit", args, env: round.clientEnv(0) });
  await within(sweep.ended, stopWithin);
  fleet.close();
  // Servers last: the others need them to leave.
  for (const roles of [["submit", "attach", "wait", "add", "cancel", "worker"], ["server"]] as const) {
    for (const live of fleet.live(...roles)) signal(live, "SIGTERM");
    const all = Promise.all(fleet.live(...roles).map(({ ended }) => ended));
    if (await within(all, drainWithin)) continue;
    // A worker waits for what it drives, and hands it over when it is told again.
    for (const live of fleet.live(...roles)) signal(live, "SIGTERM");
    if (await within(all, stopWithin)) continue;
    for (const live of fleet.live(...roles)) {
      left.push(
        `${live.role} ${String(live.pid)} ${live.key ?? ""} did not end within ${String(stopWithin / 1000)} s of SIGTERM`,
      );
      signal(live, "SIGKILL");
    }
    await all;
  }
  await Promise.all([round.workers.ended, round.servers?.ended]);
  return left;
}

async function within(ended: Promise<unknown>, milliseconds: number): Promise<boolean> {
  const time = new AbortController();
  const late = pause(milliseconds, false, { signal: time.signal }).catch(() => false);
  const isDone = await Promise.race([ended.then(() => true), late]);
  time.abort();
  return isDone;
}
