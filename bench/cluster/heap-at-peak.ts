import { readFileSync } from "node:fs";
import { join } from "node:path";
import { codeOf } from "@keruta/shared/domain";

export interface HeapAtPeak {
  /** For Node, before the program. */
  readonly flags: readonly string[];
  readonly onHigh: (pid: number, memory: number) => void;
  /** What its memory was when it was about the highest, in a sentence; undefined where it never came near. */
  describe(): string | undefined;
}

/** Each report halts the program for some milliseconds. */
const step = 1.05;

/** Of a Node program whose memory comes near a bound, in bytes: Node's own diagnostic report tells what it consists of. */
export function heapAtPeak(directory: string, bound: number): HeapAtPeak {
  const name = "at-peak.json";
  let next = bound * 0.8;
  return {
    flags: [
      "--report-on-signal",
      "--report-signal=SIGUSR2",
      `--report-directory=${directory}`,
      `--report-filename=${name}`,
    ],
    onHigh(pid, memory) {
      if (memory < next) return;
      next = memory * step;
      process.kill(pid, "SIGUSR2");
    },
    describe() {
      try {
        return sentence(JSON.parse(readFileSync(join(directory, name), "utf8")) as DiagnosticReport);
      } catch (error) {
        if (codeOf(error) !== "ENOENT") throw error;
        return undefined;
      }
    },
  };
}

/** What is read of it; sizes in bytes. */
interface DiagnosticReport {
  readonly javascriptHeap: {
    readonly usedMemory: number;
    readonly totalCommittedMemory: number;
    readonly externalMemory: number;
  };
  readonly resourceUsage: { readonly rss: string };
}

function sentence({ javascriptHeap: heap, resourceUsage }: DiagnosticReport): string {
  const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
  const [used, committed] = [megabytes(heap.usedMemory), megabytes(heap.totalCommittedMemory)];
  const outside = megabytes(heap.externalMemory);
  return `At ${megabytes(Number(resourceUsage.rss))} V8's heap was ${committed} with objects of ${used}, collected or not, and buffers were ${outside}.`;
}
