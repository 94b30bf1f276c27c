import { setTimeout as pause } from "node:timers/promises";
import { openStore } from "../log-system/store.harness.ts";
import { check } from "./check/check.ts";
import type { Breach, Fault, History } from "./check/history.ts";
import { bringAboutAll } from "./faults/bring-about.ts";
import { possibleKinds, type FaultKind, type Need } from "./plan/fault-kinds.ts";
import { planFaults } from "./plan/plan-faults.ts";
import { adminToken, createArena, type Arena, type StoreName } from "./world/arena.ts";
import { allTasks, collectTasks } from "./world/collect.ts";
import { eventually } from "./world/eventually.ts";
import { feed } from "./world/feed.ts";
import { createFleet, signal, uphold, type Fleet, type Upheld } from "./world/fleet.ts";
import { apiAnswers, findLeaks, formsOf } from "./world/leaks.ts";
import { whatIsLeft } from "./world/left.ts";
import type { Round } from "./world/round-state.ts";
import { settle, stopFleet } from "./world/settle.ts";
import { watchQueue } from "./world/watch.ts";

export interface RoundOptions {
  readonly seed: number;
  readonly milliseconds: number;
  readonly settleMilliseconds: number;
  readonly store: StoreName;
  readonly kubeconfig: string | undefined;
  readonly host: string;
  /** True: parts of the cluster itself may be stopped, which disturbs everything else on it. */
  readonly mayStopComponents: boolean;
  readonly faults: readonly FaultKind[] | undefined;
  readonly faultsPerMinute: number;
  readonly workers: number;
  /** Tasks under way at a time, at most. */
  readonly liveTasks: number;
  /** True: no bursts and no large files. */
  readonly small: boolean;
  readonly say: (words: string) => void;
  /** Aborts when it is to end at once, without a proof. */
  readonly stop: AbortSignal;
}

export interface RoundReport {
  readonly history: History;
  readonly breaches: readonly Breach[];
  readonly missed: number;
  readonly notes: readonly string[];
}

const concurrency = 4;

/** One queue under tasks and faults for a while, its settling, and the proof. */
export async function runRound(options: RoundOptions): Promise<RoundReport> {
  await using resources = new AsyncDisposableStack();
  const arena = resources.use(await createArena(options));
  const forms = formsOf(arena.secret);
  const faults: Fault[] = [];
  const notes: string[] = [];
  const note = (words: string) => {
    notes.push(words);
    options.say(words);
  };
  const record = (fault: Fault) => void faults.push(fault);
  const fleet = createFleet(arena.sandbox, forms, (run) => {
    const { role, pid, crashPoint, to, code, lastWords } = run;
    const wasKilled = faults.some(
      (fault) => fault.pid === pid && fault.kind.startsWith("kill-") && fault.at >= run.from,
    );
    if (run.signal === "SIGKILL" && crashPoint !== null && !wasKilled) {
      const kind =
        role === "submit" || role === "add" || role === "server"
          ? (`crash-${role}` as const)
          : "crash-worker";
      record({ kind, at: to, until: to, what: `${role} ${String(pid)} at ${crashPoint}`, pid });
    } else if (
      (role === "worker" || role === "server") &&
      run.signal === null &&
      !fleet.isClosed &&
      !isSweep(run.from)
    ) {
      note(`a ${role} ended by itself with ${String(code)}: ${lastWords}`);
    }
  });
  let sweepFrom = Number.POSITIVE_INFINITY;
  const isSweep = (from: number) => from >= sweepFrom;
  resources.defer(() => killAll(fleet));
  const calming = new AbortController();
  const { servers, clientEnv } = await startServers(arena, fleet);
  const store = await openStore(arena.database);
  resources.defer(() => store.queue.close());
  const round: Round = {
    arena,
    fleet,
    workers: uphold(fleet, workersOf(arena, clientEnv, options.workers)),
    servers,
    store,
    clientEnv,
    tasks: [],
    armed: { submit: [], add: [] },
    record,
    note,
    calm: calming.signal,
  };
  const watching = watchQueue(round);
  // Before the store is closed: one that has been stopped already ends at once.
  resources.defer(() => watching.stop().catch(() => undefined));
  const { seed, milliseconds, faultsPerMinute, small } = options;
  const kinds = possibleKinds(hasOf(arena, options), options.faults);
  const plan = planFaults({ seed, milliseconds, perMinute: faultsPerMinute, kinds });
  options.say(`${options.store}: ${String(plan.length)} faults of ${String(kinds.length)} kinds are planned`);
  const runners = arena.namespace ? (["local", "kubernetes", "kubernetes"] as const) : (["local"] as const);
  const feeding = feed(round, { seed, runners, small, live: options.liveTasks, pauseMilliseconds: 500 });
  const bringing = bringAboutAll(round, plan);
  for (const each of [feeding, bringing]) each.catch(() => calming.abort());
  await pause(milliseconds, undefined, { signal: AbortSignal.any([calming.signal, options.stop]) }).catch(
    () => undefined,
  );
  calming.abort();
  options.stop.throwIfAborted();
  const { missed } = await bringing;
  options.say(`${String(faults.length)} faults, ${String(round.tasks.length)} tasks; settling`);
  const isSettled = await settle(round, { milliseconds: options.settleMilliseconds });
  if (!isSettled) note(`not all has settled within ${String(options.settleMilliseconds / 1000)} s`);
  await feeding;
  sweepFrom = Date.now();
  const answers = await apiAnswers(round, await allTasks(round));
  const stuck = await stopFleet(round);
  await watching.stop();

  const all = await allTasks(round);
  const history: History = {
    tasks: await collectTasks(round, watching, all),
    faults: faults.toSorted((one, other) => one.at - other.at),
    runs: fleet.runs.filter(({ key }) => key === null),
    left: [...stuck, ...(await whatIsLeft(round, all))],
    leaks: [...fleet.leaks, ...(await findLeaks(round, all, forms, answers))],
    glimpses: watching.glimpses,
  };
  return { history, breaches: check(history), missed, notes };
}

/** Where something broke here, what was started does not stay. */
async function killAll(fleet: Fleet): Promise<void> {
  fleet.close();
  const live = fleet.live("submit", "attach", "wait", "add", "cancel", "worker", "server");
  for (const one of live) signal(one, "SIGKILL");
  await Promise.all(live.map(({ ended }) => ended));
}

const serverWithin = 60_000;

async function startServers(
  arena: Arena,
  fleet: Fleet,
): Promise<{ servers: Upheld | null; clientEnv: Round["clientEnv"] }> {
  const { server, clients } = arena;
  const own = (number: number) => clients[number % clients.length] ?? {};
  if (!server) return { servers: null, clientEnv: own };
  const servers = uphold(fleet, [{ role: "server", args: server.args, env: server.env }]);
  const token = await eventually(() => adminToken(arena), { milliseconds: serverWithin });
  if (token === undefined) throw new Error("the server did not come up");
  return { servers, clientEnv: (number) => ({ ...own(number), KERUTA_API_TOKEN: token }) };
}

function workersOf({ namespace }: Arena, clientEnv: Round["clientEnv"], count: number) {
  const args = ["worker", "--concurrency", String(concurrency), ...(namespace ? [] : ["--runner", "local"])];
  return Array.from({ length: count }, (_, number) => ({
    role: "worker" as const,
    args,
    env: clientEnv(number),
  }));
}

function hasOf(
  { namespace, postgres, server, disk }: Arena,
  { mayStopComponents }: RoundOptions,
): ReadonlySet<Need> {
  const has = new Set<Need>();
  if (namespace) has.add("cluster");
  if (namespace && process.getuid?.() === 0 && process.env["KERUTA_TEST_CLUSTER"] !== undefined) {
    has.add("node");
    if (mayStopComponents) has.add("components");
  }
  if (postgres) has.add("postgres");
  if (server) has.add("api");
  if (disk !== null) has.add("disk");
  return has;
}
