import type { KerutaError } from "@keruta/shared/domain";
import { backOff } from "./decisions.ts";
import type { Away, WorkerReport } from "./report.ts";

/** Says once that something is away, and once that it is back; tells how long to wait meanwhile. */
export interface Outage {
  failed(error: KerutaError): number;
  answered(): void;
}

export function createOutage(what: Away, report: WorkerReport, random: () => number): Outage {
  let failures = 0;
  return {
    failed(error) {
      failures += 1;
      if (failures === 1) report.away(what, error);
      return backOff(failures, random());
    },
    answered() {
      if (failures > 0) report.back(what);
      failures = 0;
    },
  };
}
