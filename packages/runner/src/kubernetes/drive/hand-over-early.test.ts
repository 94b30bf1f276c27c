import type { AgentReport } from "@keruta/shared/domain";
import { expect, test } from "vitest";
import { handOverEarly, type HandOverEarly } from "./hand-over-early.ts";
import { timeOfWaits } from "./waits.harness.ts";

interface Given {
  /** The log's last mark has come. */
  readonly isFollowed?: boolean;
  /** Milliseconds after which the Pod's status tells of the end. */
  readonly toldAfter?: number;
  readonly isLost?: boolean;
  readonly report?: Partial<AgentReport>;
}

const longLog = { stdout: { bytes: 2 << 20, sha256: "" }, stderr: { bytes: 0, sha256: "" }, sequence: 1 };

/** What comes back, and what is done in the Pod, of a command that names no artifacts. */
async function handOver({ isFollowed = true, toldAfter, isLost = false, report = {} }: Given) {
  const done: string[] = [];
  const { clock, timers } = timeOfWaits();
  const containerEnded = new AbortController();
  const lost = new AbortController();
  if (isLost) lost.abort();
  const deps = {
    clock,
    timers: {
      after: (milliseconds: number, run: () => void) => {
        if (toldAfter !== undefined && toldAfter < milliseconds) containerEnded.abort();
        return timers.after(milliseconds, run);
      },
    },
    crashPoint: (name: string) => done.push(name),
    plan: { api: { url: "http://server" } },
    queue: {
      attemptReport: () =>
        Promise.resolve({ result: { ...longLog, leavesArtifacts: false, ...report }, artifacts: null }),
    },
    cluster: {
      exec: ({ command }: { command: readonly string[] }) => {
        done.push(command[1] ?? "");
        return Promise.resolve({
          stdin: {},
          stdout: (async function* () {
            // It says nothing.
          })(),
          stderr: () => "",
          exitCode: Promise.resolve(0),
        });
      },
    },
  } as unknown as Parameters<typeof handOverEarly>[0];
  const input = {
    claim: { lease: { taskId: "t", attempt: 1 } },
    facts: { wrapped: true, wantsArtifacts: false },
    job: { metadata: { name: "j", uid: "j" } },
    pod: { metadata: { name: "p", uid: "p" } },
    lost: lost.signal,
    following: Promise.resolve(isFollowed),
    containerEnded: containerEnded.signal,
  } as unknown as HandOverEarly;
  return { artifacts: await handOverEarly(deps, input), done };
}

test.each<readonly [string, Given, Awaited<ReturnType<typeof handOver>>]>([
  ["whose sidecar waits is let go", {}, { artifacts: null, done: ["collected", "acknowledge"] }],
  [
    "whose sidecar has nothing is not asked",
    { report: { stdout: { bytes: 5, sha256: "" } } },
    { artifacts: null, done: ["collected"] },
  ],
  ["whose status tells soon is finished by that", { toldAfter: 1000 }, { artifacts: undefined, done: [] }],
  ["whose log has not come to its end may run", { isFollowed: false }, { artifacts: undefined, done: [] }],
  ["that is another driver's by now is left to it", { isLost: true }, { artifacts: undefined, done: [] }],
])("a Pod that is being deleted and %s", async (_, given, expected) => {
  expect(await handOver(given)).toEqual(expected);
});
