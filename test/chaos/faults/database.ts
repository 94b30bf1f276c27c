import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fillWith } from "../../local/small-disk.ts";
import type { FaultKind } from "../plan/fault-kinds.ts";
import { eventually } from "../world/eventually.ts";
import { lasting, type BringAbout } from "./choose.ts";

const startWithin = 30_000;

const killPostgres: BringAbout = async ({ arena: { postgres }, record }, planned) => {
  if (!postgres) return false;
  const at = Date.now();
  await postgres.stop("killed");
  await pause(lasting(planned, 0, 8000));
  // What its children still hold keeps it from starting for a moment.
  await eventually(() => postgres.start().then(() => true), { milliseconds: startWithin });
  record({ kind: planned.kind, at, until: Date.now(), what: `away for ${String(Date.now() - at)} ms` });
  return true;
};

const fillDisk: BringAbout = async ({ arena: { disk }, record, calm }, planned) => {
  if (disk === null) return false;
  const at = Date.now();
  const filler = join(disk, "of-others");
  fillWith(filler);
  await pause(lasting(planned, 1000, 10_000), undefined, { signal: calm }).catch(() => undefined);
  rmSync(filler);
  record({ kind: planned.kind, at, until: Date.now(), what: `full for ${String(Date.now() - at)} ms` });
  return true;
};

export const databaseFaults = {
  "kill-postgres": killPostgres,
  "fill-disk": fillDisk,
} as const satisfies Partial<Record<FaultKind, BringAbout>>;
