import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { busybox } from "../../cluster/submitted.ts";
import { planTask, type TaskPlanOptions } from "../plan/plan-tasks.ts";
import { taskOf } from "../plan/task-file.ts";
import type { TaskPlan } from "../plan/task-plan.ts";
import type { Live } from "./fleet.ts";
import type { FedTask, Round } from "./round-state.ts";

export interface FeedOptions extends TaskPlanOptions {
  /** Tasks that are under way at a time, at most. */
  readonly live: number;
  readonly pauseMilliseconds: number;
}

/** Brings task after task to the queue until it is calm; resolves when each is brought, or given up. */
export async function feed(round: Round, options: FeedOptions): Promise<void> {
  const bringing = new Set<Promise<void>>();
  for (let number = 0; !round.calm.aborted;) {
    if (round.tasks.filter(({ isOver }) => !isOver).length < options.live) {
      const task: FedTask = {
        plan: planTask(options, number),
        acceptedAs: null,
        cancelledAt: null,
        isOver: false,
      };
      round.tasks.push(task);
      const brought = bring(round, task, number).finally(() => bringing.delete(brought));
      bringing.add(brought);
      number += 1;
    }
    await pause(options.pauseMilliseconds);
  }
  await Promise.all(bringing);
}

const patience = 90_000;
const longestDrive = 240_000;

async function bring(round: Round, task: FedTask, number: number): Promise<void> {
  const { plan } = task;
  const { arena } = round;
  const file = await arena.sandbox.file(
    `${plan.key}.json`,
    JSON.stringify(taskOf(plan, { marker: arena.marker.address, image: busybox })),
  );
  const idFile = join(arena.sandbox.directory, `${plan.key}.id`);
  let cancelling: Promise<void> | undefined;
  const accept = (id: string) => {
    if (id === "" || task.acceptedAs !== null) return;
    task.acceptedAs = id;
    if (plan.end.kind === "cancel") cancelling = cancelLater(round, task, plan.end.after, number);
  };
  const readIdFile = async () => accept((await readFile(idFile, "utf8").catch(() => "")).trim());
  const via = round.armed.add.length > 0 ? "add" : round.armed.submit.length > 0 ? "submit" : plan.via;

  for (let attempt = 0; attempt < 4 && !round.fleet.isClosed; attempt += 1) {
    const run =
      via === "add"
        ? startAdd(round, file, plan, number)
        : startSubmit(round, { file, idFile, plan, number, via });
    const watching = new AbortController();
    const watched = watchFor(readIdFile, watching.signal);
    const { code, signal, stdout } = await orSigterm(run, longestDrive);
    watching.abort();
    await watched;
    await readIdFile();
    if (via === "add" && code === 0) accept(stdout.toString().trim());
    const isBrought =
      task.acceptedAs !== null && (via === "add" || signal === null || plan.afterDeath === "nothing");
    if (isBrought) break;
    if (task.acceptedAs !== null && plan.afterDeath === "attach") {
      await attach(round, plan, task.acceptedAs, number);
      break;
    }
    await pause(500);
  }
  if (task.acceptedAs === null) task.isOver = true;
  await cancelling;
}

interface Submission {
  readonly file: string;
  readonly idFile: string;
  readonly plan: TaskPlan;
  readonly number: number;
  readonly via: TaskPlan["via"];
}

function startSubmit(round: Round, { file, idFile, plan, number, via }: Submission): Live {
  const crashPoint = round.armed.submit.shift();
  // One that kills itself while it drives has to drive.
  const driver = crashPoint === undefined && via === "submit-by-worker" ? "worker" : "self";
  const args = ["submit", "-f", file, "--id-file", idFile, "--request-id", plan.key, "--driver", driver];
  return round.fleet.start({
    role: "submit",
    args,
    env: round.clientEnv(number),
    key: plan.key,
    ...(crashPoint !== undefined && { crashPoint }),
  });
}

function startAdd(round: Round, file: string, { key }: TaskPlan, number: number): Live {
  const crashPoint = round.armed.add.shift();
  const args = ["add", "-f", file, "--request-id", key];
  return round.fleet.start({
    role: "add",
    args,
    env: round.clientEnv(number),
    key,
    ...(crashPoint !== undefined && { crashPoint }),
  });
}

async function attach(round: Round, { key }: TaskPlan, id: string, number: number): Promise<void> {
  for (let attempt = 0; attempt < 3 && !round.fleet.isClosed; attempt += 1) {
    const role = attempt === 2 ? "wait" : "attach";
    const run = round.fleet.start({ role, args: [role, id], env: round.clientEnv(number + attempt), key });
    if ((await orSigterm(run, longestDrive)).signal === null) return;
  }
}

/** Who follows a task is not to hold up the round's end: it is told to leave. */
async function orSigterm(run: Live, milliseconds: number): Promise<Awaited<Live["ended"]>> {
  const timer = setTimeout(() => run.child.kill("SIGHUP"), milliseconds);
  try {
    return await run.ended;
  } finally {
    clearTimeout(timer);
  }
}

/** The id is there as soon as the task is accepted, long before the process that wrote it ends. */
async function watchFor(look: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await look();
    await pause(100);
  }
}

async function cancelLater(round: Round, task: FedTask, after: number, number: number): Promise<void> {
  await pause(after);
  for (const end = Date.now() + patience; Date.now() < end && !round.fleet.isClosed; await pause(500)) {
    const args = ["cancel", task.acceptedAs ?? ""];
    const asked = Date.now();
    // What it does may be done though it dies.
    task.cancelledAt ??= asked;
    const run = round.fleet.start({ role: "cancel", args, env: round.clientEnv(number), key: task.plan.key });
    if ((await run.ended).code === 0) return;
  }
  round.note(`${task.plan.key} could not be cancelled within ${String(patience / 1000)} s`);
}
