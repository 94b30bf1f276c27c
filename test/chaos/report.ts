import { deathsOf, drivingsOf } from "./check/hits.ts";
import type { Breach, History, SeenTask } from "./check/history.ts";
import { replacements } from "./check/promises-7-to-10.ts";

/** How many faults of each kind, how tasks ended, and how soon dead drivers were replaced. */
export function summary(histories: readonly History[]): string {
  const faults = count(histories.flatMap((history) => history.faults.map(({ kind }) => kind)));
  const tasks = histories.flatMap((history) => history.tasks);
  const outcomes = count(
    tasks.map(({ plan, found, attempts }) => {
      const last = attempts.at(-1)?.attempt.reason;
      return `${plan.runner} ${found[0]?.status ?? "not accepted"}${last == null ? "" : ` ${last}`}`;
    }),
  );
  const attempts = count(
    tasks.flatMap((task) =>
      task.attempts.map(({ attempt }) => `${attempt.runner} ${String(attempt.reason)}`),
    ),
  );
  const gaps = count(
    tasks.flatMap((task) => task.attempts.flatMap(({ log }) => log.gaps.map(({ reason }) => reason))),
  );
  const bytes = tasks.reduce(
    (sum, task) => sum + task.attempts.reduce((of, { log }) => of + log.bytes, 0),
    0,
  );
  return [
    table("faults", faults),
    table("tasks by outcome", outcomes),
    table("attempts by reason", attempts),
    table("gaps in logs", gaps),
    `log bytes checked: ${String(bytes)}`,
    replaced(histories),
  ].join("\n\n");
}

function replaced(histories: readonly History[]): string {
  const times = histories
    .flatMap((history) => replacements(history, deathsOf(history)))
    .map(({ milliseconds }) => milliseconds / 1000)
    .toSorted((one, other) => one - other);
  if (times.length === 0) return "no attempt lost its driver";
  const at = (part: number) =>
    (times[Math.min(times.length - 1, Math.floor(part * times.length))] ?? 0).toFixed(1);
  return `attempts without a driver: ${String(times.length)}; half of them for ${at(0.5)} s at most, 95 % for ${at(0.95)} s, the longest for ${at(1)} s`;
}

function count(words: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return new Map([...counts].toSorted(([one], [other]) => one.localeCompare(other)));
}

function table(title: string, counts: ReadonlyMap<string, number>): string {
  const total = [...counts.values()].reduce((sum, each) => sum + each, 0);
  const rows = Array.from(counts, ([name, number]) => `${String(number).padStart(7)}  ${name}`);
  return [`${title}: ${String(total)}`, ...rows].join("\n");
}

const mostBreaches = 8;

/** What is broken, and of each task that breaks a promise everything that happened to it, in the order of time. */
export function stories(history: History, breaches: readonly Breach[]): readonly string[] {
  const byKey = Map.groupBy(breaches, ({ key }) => key);
  return Array.from(byKey, ([key, of]) => {
    const heads = of
      .slice(0, mostBreaches)
      .map(({ promise, what }) => `promise ${String(promise)}: ${key ?? "all"}: ${what}`);
    if (of.length > mostBreaches) heads.push(`and ${String(of.length - mostBreaches)} more`);
    const task = history.tasks.find(({ plan }) => plan.key === key);
    return [...heads, ...(task ? [storyOfTask(history, task)] : [])].join("\n");
  });
}

function storyOfTask(history: History, task: SeenTask): string {
  const { plan, found, events, attempts, runs, starts } = task;
  const id = found[0]?.id ?? task.acceptedAs;
  const [from, to] = [Date.parse(events[0]?.time ?? "") - 5000, Date.parse(events.at(-1)?.time ?? "") + 5000];
  const pids = new Set([
    ...runs.map(({ pid }) => pid),
    ...attempts.flatMap(({ attempt }) => drivingsOf(task, attempt.number).map(({ pid }) => pid)),
  ]);
  const concerns = ({ attempt, pid }: History["faults"][number]) =>
    attempt?.taskId === id || (pid === undefined ? attempt === undefined : pids.has(pid));
  const happened: (readonly [number, string])[] = [
    ...events.map(
      ({ time, type, attempt, data }) =>
        [Date.parse(time), `${type} ${String(attempt)} ${JSON.stringify(data)}`] as const,
    ),
    ...history.faults
      .filter((fault) => fault.until >= from && fault.at <= to && concerns(fault))
      .map(({ at, until, kind, what }) => [at, `FAULT ${kind} (${String(until - at)} ms): ${what}`] as const),
    ...[...runs, ...history.runs.filter(({ pid }) => pids.has(pid))].flatMap(
      ({ role, pid, from: since, to: until, code, signal, crashPoint, lastWords }) => [
        [
          since,
          `${role} ${String(pid)} starts${crashPoint === null ? "" : `, to die at ${crashPoint}`}`,
        ] as const,
        [until, `${role} ${String(pid)} ends with ${String(signal ?? code)}: ${lastWords}`] as const,
      ],
    ),
    ...starts.map(
      ({ at, attempt, name }) => [at, `command of attempt ${String(attempt)} starts (${name})`] as const,
    ),
  ];
  const lines = happened
    .toSorted(([one], [other]) => one - other)
    .map(([at, what]) => `    ${new Date(at).toISOString()} ${what}`);
  const ends = attempts.map(
    ({ attempt, log, listed }) =>
      `    attempt ${JSON.stringify(attempt)}\n    log ${JSON.stringify(log)}\n    artifacts ${JSON.stringify(listed).slice(0, 2000)}`,
  );
  return [
    `  plan ${JSON.stringify(plan)}`,
    `  task ${String(id)} ${String(found[0]?.status)}, cancelled at ${String(task.cancelledAt)}`,
    ...lines,
    ...ends,
  ].join("\n");
}
