import { parseArgs } from "node:util";
import { allFaultKinds, type FaultKind } from "./plan/fault-kinds.ts";
import { storeNames, type StoreName } from "./world/arena.ts";

const help = `npm run test:chaos -- [options]

Faults of all kinds on tasks of known outcome, in rounds, and a proof of the promises after each. Says its seed.

  --seed N            the same plan of tasks and faults again (else another one each time)
  --minutes N         of faults in all; settling and proof come on top (10)
  --round-minutes N   of one round, with a database and a namespace of its own (8)
  --rate N            faults a minute, all kinds together (90)
  --faults KINDS      only these, with commas: ${allFaultKinds.join(", ")}
  --store STORES      that rounds take in turn, with commas (${storeNames.join(",")})
  --kubeconfig FILE   an otherwise idle cluster (KERUTA_TEST_KUBECONFIG); without one the local runner only
  --workers N         at a time (4)
  --live-tasks N      under way at a time, at most (10)
  --small             no bursts and no large files

KERUTA_TEST_CLUSTER is the folder with the tools \`crash\` and \`up\` of a cluster whose components may be stopped.
`;

const { values } = parseArgs({
  options: {
    help: { type: "boolean", short: "h", default: false },
    seed: { type: "string" },
    minutes: { type: "string", default: "10" },
    "round-minutes": { type: "string", default: "8" },
    rate: { type: "string", default: "90" },
    faults: { type: "string" },
    store: { type: "string", default: storeNames.join(",") },
    kubeconfig: { type: "string" },
    workers: { type: "string", default: "4" },
    "live-tasks": { type: "string", default: "10" },
    small: { type: "boolean", default: false },
  },
});
if (values.help) {
  process.stdout.write(help);
  process.exit(0);
}

const say = (words: string) => process.stdout.write(`${new Date().toISOString()} ${words}\n`);
const seed = values.seed === undefined ? Math.floor(Date.now() / 1000) % 1_000_000 : Number(values.seed);
const kubeconfig = values.kubeconfig ?? process.env["KERUTA_TEST_KUBECONFIG"];
if (kubeconfig === undefined || kubeconfig === "")
  say("no cluster (KERUTA_TEST_KUBECONFIG): the local runner only");
// What reads it is loaded when it is known.
else process.env["KERUTA_TEST_KUBECONFIG"] = kubeconfig;

/** What was started is to be ended, and what was made to be removed. */
const stopping = new AbortController();
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.once(name, () => stopping.abort(new Error(name)));

const stores = values.store
  .split(",")
  .map((name) => oneOf<StoreName>(storeNames, name === "api" ? "api-sqlite" : name));
const faults = values.faults?.split(",").map((name) => oneOf<FaultKind>(allFaultKinds, name));
say(`seed ${String(seed)}`);

await import("../../scripts/build.ts");
if (kubeconfig) await (await import("../cluster/load-images.ts")).setup();
const { runRound } = await import("./round.ts");
const { stories, summary } = await import("./report.ts");

const wanted = Number(values.minutes) * 60_000;
const aRound = Number(values["round-minutes"]) * 60_000;
const histories = [];
let broken = 0;
for (let [number, done] = [0, 0]; done < wanted; number += 1) {
  const milliseconds = Math.min(aRound, wanted - done);
  done += milliseconds;
  const report = await runRound({
    seed: seed + number,
    milliseconds,
    settleMilliseconds: 300_000,
    store: stores[number % stores.length] ?? "sqlite",
    kubeconfig: kubeconfig === "" ? undefined : kubeconfig,
    host: process.env["KERUTA_TEST_HOST"] ?? "10.88.0.1",
    mayStopComponents: true,
    faults,
    faultsPerMinute: Number(values.rate),
    workers: Number(values.workers),
    liveTasks: Number(values["live-tasks"]),
    small: values.small,
    say,
    stop: stopping.signal,
  }).catch((error: unknown) => {
    if (error !== stopping.signal.reason) throw error;
    return null;
  });
  if (!report) break;
  const { history, breaches, missed, notes } = report;
  histories.push(history);
  broken += breaches.length;
  for (const story of stories(history, breaches)) say(`BROKEN ${story}`);
  say(
    `round ${String(number)} (seed ${String(seed + number)}): ${String(breaches.length)} promises broken, ${String(missed)} planned faults found nothing to hit, ${String(notes.length)} notes\n\n${summary([history])}\n`,
  );
}
if (histories.length > 1) say(`all ${String(histories.length)} rounds\n\n${summary(histories)}\n`);
say(`seed ${String(seed)}: ${lastWord()}`);
process.exitCode = broken === 0 && !stopping.signal.aborted ? 0 : 1;

function lastWord(): string {
  if (broken > 0) return `${String(broken)} breaches`;
  return stopping.signal.aborted ? "stopped before its end" : "every promise is kept";
}

function oneOf<T extends string>(known: readonly T[], name: string): T {
  const found = known.find((one) => one === name);
  if (found === undefined) throw new Error(`${name} is none of ${known.join(", ")}`);
  return found;
}
