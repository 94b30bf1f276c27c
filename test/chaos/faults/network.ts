import { setTimeout as pause } from "node:timers/promises";
import type { SwitchedProxy } from "../../cluster/switched-proxy.ts";
import type { FaultKind } from "../plan/fault-kinds.ts";
import type { Arena } from "../world/arena.ts";
import { lasting, target, type BringAbout } from "./choose.ts";

type Proxies = (proxies: Arena["proxies"]) => readonly (SwitchedProxy | null)[];

const cluster: Proxies = (proxies) => proxies.cluster;
const postgres: Proxies = (proxies) => [proxies.postgres];
const server: Proxies = (proxies) => [proxies.server];

/** All connections over one proxy end, and no new one comes about for a while. */
function cut(which: Proxies): BringAbout {
  return async ({ arena, record, calm }, planned) => {
    const proxy = target(which(arena.proxies), planned);
    if (!proxy) return false;
    const at = Date.now();
    proxy.cut();
    await pause(lasting(planned, 0, 3000), undefined, { signal: calm }).catch(() => undefined);
    proxy.connect();
    record({
      kind: planned.kind,
      at,
      until: Date.now(),
      what: `connections cut for ${String(Date.now() - at)} ms`,
    });
    return true;
  };
}

/** Each piece comes later. */
function slow(which: Proxies): BringAbout {
  return async ({ arena, record, calm }, planned) => {
    const proxy = target(which(arena.proxies), planned);
    if (!proxy) return false;
    const at = Date.now();
    const milliseconds = lasting(planned, 20, 300);
    proxy.delay(milliseconds);
    await pause(lasting(planned, 2000, 8000), undefined, { signal: calm }).catch(() => undefined);
    proxy.delay(0);
    record({
      kind: planned.kind,
      at,
      until: Date.now(),
      what: `each piece ${String(milliseconds)} ms later`,
    });
    return true;
  };
}

export const networkFaults = {
  "cut-cluster": cut(cluster),
  "slow-cluster": slow(cluster),
  "cut-postgres": cut(postgres),
  "slow-postgres": slow(postgres),
  "cut-server": cut(server),
  "slow-server": slow(server),
} as const satisfies Partial<Record<FaultKind, BringAbout>>;
