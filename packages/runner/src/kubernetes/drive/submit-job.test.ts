import type { Claim } from "@keruta/shared/queue";
import { expect, test } from "vitest";
import type { Job, Pod } from "../../cluster/objects.ts";
import { submitJob } from "./submit-job.ts";

const name = "keruta-aaaaaaaaaa-1";
const job: Job = { metadata: { name, uid: "j" } };

interface Given {
  /** What the dead driver had stored. */
  readonly submission: "none" | "submitting";
  readonly pods?: readonly Pod[];
}

/** By a driver, of an attempt whose Job is not there. */
async function submit({ submission, pods = [] }: Given) {
  const done: string[] = [];
  const deps = {
    clusterIdentity: "c",
    clock: () => 0,
    crashPoint: () => undefined,
    queue: {
      recordAttempt: () => Promise.resolve(),
      renewLease: () => Promise.resolve({ held: true, expiresAt: new Date(60_000).toISOString() }),
    },
    cluster: {
      getJob: () => Promise.resolve(undefined),
      listPods: ({ labelSelector }: { labelSelector: string }) => {
        done.push(labelSelector);
        return Promise.resolve(pods);
      },
      createJob: () => {
        done.push("create");
        return Promise.resolve({ outcome: "created", job });
      },
    },
  } as unknown as Parameters<typeof submitJob>[0];
  const input = {
    claim: {
      task: { id: "aaaaaaaaaa" },
      attempt: { number: 1 },
      lease: { taskId: "aaaaaaaaaa", attempt: 1, token: "t" },
      submission,
    } as Claim,
    manifest: { metadata: { name } },
    claims: [],
    secret: { make: () => Promise.resolve(), giveTo: () => Promise.resolve() },
    cancel: new AbortController().signal,
    lost: new AbortController().signal,
  } as unknown as Parameters<typeof submitJob>[1];
  return { kind: (await submitJob(deps, input)).kind, done };
}

const labels = "keruta.dev/task-id=aaaaaaaaaa,keruta.dev/attempt=1";

test.each([
  ["a first driver creates it", { submission: "none" }, { kind: "submitted", done: ["create"] }],
  [
    "one that takes over creates it where it never was",
    { submission: "submitting" },
    { kind: "submitted", done: [labels, "create"] },
  ],
  [
    "one that takes over creates none beside a Pod of one that was deleted",
    { submission: "submitting", pods: [{ metadata: { name: "p", uid: "p" } }] },
    { kind: "gone", done: [labels] },
  ],
] as const)("a Job that is not there: %s", async (_, given, expected) => {
  expect(await submit(given)).toEqual(expected);
});
