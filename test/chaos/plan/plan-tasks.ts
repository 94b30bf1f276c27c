import { createRandom, type Random } from "./random.ts";
import type { Flavour, PlannedArtifact, PlannedEnd, Step, TaskPlan } from "./task-plan.ts";

export interface TaskPlanOptions {
  readonly seed: number;
  readonly runners: readonly TaskPlan["runner"][];
  /** True: no bursts and no large files. */
  readonly small?: boolean;
}

const weights: readonly (readonly [Flavour, number])[] = [
  ["plain", 6],
  ["code", 6],
  ["signal", 2],
  ["loud", 3],
  ["rotating", 1],
  ["many-files", 3],
  ["large-file", 1.5],
  ["hostile-files", 1],
  ["retried", 3],
  ["timeout", 2],
  ["cancelled", 3],
  ["secret", 3],
  ["restarted", 1],
  ["keyed", 3],
];
const large: readonly Flavour[] = ["rotating", "large-file"];

/** The task with this number: the same for the same seed, whatever came of those before. */
export function planTask({ seed, runners, small = false }: TaskPlanOptions, number: number): TaskPlan {
  const random = createRandom(seed, `task ${String(number)}`);
  const flavour = random.weighted(weights.filter(([name]) => !small || !large.includes(name)));
  const runner = random.pick(runners);
  return {
    key: `chaos-${String(seed)}-${String(number)}`,
    flavour,
    runner,
    steps: stepsOf(flavour, random),
    end: endOf(flavour, random),
    restarts: flavour === "restarted" ? 1 : 0,
    artifacts: artifactsOf(flavour, random),
    artifactsRequired: random.chance(0.3),
    hostileFiles: flavour === "hostile-files",
    // Faults are many, and an outcome is known only where attempts do not run out.
    attempts: random.chance(0.1) ? 1 : 12,
    retryOn: flavour === "retried" ? ["infrastructure", "Error"] : ["infrastructure"],
    priority: random.whole(0, 3),
    concurrencyKey: flavour === "keyed" ? `key-${String(random.whole(1, 2))}` : null,
    via: random.weighted([
      ["submit", 6],
      ["submit-by-worker", 1],
      ["add", 3],
    ]),
    afterDeath: random.weighted([
      ["again", 4],
      ["attach", 3],
      ["nothing", 3],
    ]),
  };
}

function endOf(flavour: Flavour, random: Random): PlannedEnd {
  if (flavour === "code") return { kind: "exit", codes: [random.pick([1, 2, 7, 42, 125, 137, 143, 255])] };
  if (flavour === "signal") return { kind: "signal" };
  if (flavour === "retried")
    return { kind: "exit", codes: [...Array<number>(random.whole(1, 2)).fill(7), 0] };
  if (flavour === "timeout") return { kind: "timeout", seconds: random.whole(2, 5) };
  if (flavour === "cancelled") return { kind: "cancel", after: random.whole(0, 9000), seconds: 120 };
  // Any other code would be restarted as well.
  if (flavour === "restarted") return { kind: "exit", codes: [0] };
  return { kind: "exit", codes: [random.chance(0.8) ? 0 : 7] };
}

function stepsOf(flavour: Flavour, random: Random): readonly Step[] {
  let [stdout, stderr] = [1, 1];
  const lines = (stream: "stdout" | "stderr", count: number): Step => {
    const from = stream === "stdout" ? stdout : stderr;
    if (stream === "stdout") stdout += count;
    else stderr += count;
    return { kind: "lines", stream, from, count, width: random.whole(20, 120) };
  };
  const steps: Step[] = [lines("stdout", random.whole(1, 20)), lines("stderr", random.whole(1, 10))];
  if (flavour === "secret") steps.push({ kind: "secret" });
  if (flavour === "loud")
    steps.push(lines("stdout", random.whole(5000, 20_000)), lines("stderr", random.whole(1000, 5000)));
  if (flavour === "rotating") steps.push(lines("stdout", 130_000));
  for (let piece = random.whole(1, 4); piece > 0; piece -= 1) {
    steps.push({ kind: "sleep", seconds: random.whole(2, 20) / 10 });
    steps.push(lines(random.pick(["stdout", "stderr"]), random.whole(1, 200)));
  }
  return steps;
}

function artifactsOf(flavour: Flavour, random: Random): readonly PlannedArtifact[] {
  if (flavour === "many-files") {
    return Array.from({ length: random.whole(20, 60) }, (_, n) => ({
      path: `out/${String(n % 5)}/file-${String(n)}.txt`,
      lines: random.whole(0, 40),
    }));
  }
  if (flavour === "large-file") return [{ path: "out/large.txt", lines: random.whole(200_000, 400_000) }];
  if (flavour === "hostile-files" || random.chance(0.2))
    return [{ path: "out/one.txt", lines: random.whole(1, 500) }];
  return [];
}
