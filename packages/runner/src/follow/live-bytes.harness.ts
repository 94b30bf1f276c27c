import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Bytes that something still refers to; what the process has of the system says more of the collector's pace. */
export async function liveBytes(self: Pick<NodeJS.Process, "memoryUsage">): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  for (let count = 0; count < 3; count += 1) {
    collect();
    // What lies outside of the heap is given back afterwards.
    await pause(50);
  }
  const { heapUsed, external } = self.memoryUsage();
  return heapUsed + external;
}
