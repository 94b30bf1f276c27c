import { crashPoints } from "../../../packages/shared/src/queue/sqlite/index.ts";
import { driveCrashPoints } from "../../../packages/runner/src/stages/deps.ts";

const queuePoints = crashPoints.map(({ name }) => name);
const ofQueue = (...prefixes: readonly string[]) =>
  queuePoints.filter((name) => prefixes.some((prefix) => name.startsWith(`${prefix}:`)));

/** The named points that a process of each kind can come to. */
export const crashPointsOf = {
  submit: [...driveCrashPoints, ...ofQueue("add", "claim", "record", "log", "artifacts", "settle")],
  worker: [...driveCrashPoints, ...ofQueue("claim", "record", "log", "artifacts", "settle", "release")],
  add: ofQueue("add"),
  server: ofQueue("add", "claim", "record", "log", "artifacts", "settle", "cancel"),
} as const satisfies Record<string, readonly string[]>;

/** With a server, the points of the queue are passed in the server's process alone. */
export function crashPointsFor(role: keyof typeof crashPointsOf, hasServer: boolean): readonly string[] {
  const all = crashPointsOf[role];
  if (!hasServer || role === "server") return all;
  return all.filter((name) => !name.includes(":"));
}
