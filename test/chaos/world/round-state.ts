import type { ServerStore } from "../../../packages/shared/src/queue/index.ts";
import type { Fault } from "../check/history.ts";
import type { TaskPlan } from "../plan/task-plan.ts";
import type { Arena } from "./arena.ts";
import type { Fleet, Upheld } from "./fleet.ts";

/** What feeder, faults and watchers of one round share. */
export interface Round {
  readonly arena: Arena;
  readonly fleet: Fleet;
  readonly workers: Upheld;
  readonly servers: Upheld | null;
  /** Of the queue, past all proxies; opened by this process. */
  readonly store: ServerStore;
  /** Environment of client `number`. */
  readonly clientEnv: (number: number) => Readonly<Record<string, string>>;
  readonly tasks: FedTask[];
  /** Crash points that the next submits and adds come with. */
  readonly armed: { readonly submit: string[]; readonly add: string[] };
  readonly record: (fault: Fault) => void;
  readonly note: (words: string) => void;
  /** Aborts when no more faults are to come. */
  readonly calm: AbortSignal;
}

/** A task that was brought to the queue, or was tried to be. */
export interface FedTask {
  readonly plan: TaskPlan;
  acceptedAs: string | null;
  cancelledAt: number | null;
  /** Settled, or given up before it was accepted. */
  isOver: boolean;
}
