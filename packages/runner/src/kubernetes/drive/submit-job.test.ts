import type { Claim } from "@keruta/shared/queue";
import { expect, test } from "vitest";
import type { Job, Pod } from "../../cluster/objects.ts";
import { submitJob } from "./submit-job.ts";

const name = "keruta-aaaaaaaaaa-1";
const job: Job = { metadata: { name, uid: "j" } };

interface Given {
  /** What the dead driver had stored. */
  readonly submission: "none" | "submitting" | "created";
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
        const wanted = ({ metadata }: Pod) =>
          labelSelector.includes(`keruta.dev/queue=${metadata.labels?.["keruta.dev/queue"] ?? ""},`);
        return Promise.resolve(pods.filter(wanted));
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
      jobUid: submission === "created" ? "j" : null,
    } as Claim,
    manifest: { metadata: { name, labels: labelsOf("q") } },
    claims: [],
    secret: { make: () => Promise.resolve(), giveTo: () => Promise.resolve() },
    cancel: new AbortController().signal,
    lost: new AbortController().signal,
  } as unknown as Parameters<typeof submitJob>[1];
  const submitted = await submitJob(deps, input);
  const { kind } = submitted;
  return kind === "submitted" ? { kind, uid: submitted.job.metadata.uid, done } : { kind, done };
}

const labelsOf = (queue: string) => ({
  "keruta.dev/queue": queue,
  "keruta.dev/task-id": "aaaaaaaaaa",
  "keruta.dev/attempt": "1",
});

const labels = "keruta.dev/queue=q,keruta.dev/task-id=aaaaaaaaaa,keruta.dev/attempt=1";

const podOf = (uid: string | undefined, queue = "q"): Pod => ({
  metadata: {
    name: "p",
    uid: "p",
    labels: labelsOf(queue),
    ...(uid !== undefined && { ownerReferences: [{ kind: "Job", name, uid }] }),
  },
});

test.each<readonly [string, Given, Awaited<ReturnType<typeof submit>>]>([
  ["a first driver creates it", { submission: "none" }, { kind: "submitted", uid: "j", done: ["create"] }],
  [
    "one that takes over creates it where it never was",
    { submission: "submitting" },
    { kind: "submitted", uid: "j", done: [labels, "create"] },
  ],
  [
    "one that takes over goes on with the Pod of one that was deleted before its uid was known",
    { submission: "submitting", pods: [podOf("k")] },
    { kind: "submitted", uid: "k", done: [labels, labels] },
  ],
  [
    "of a Pod that tells no Job's uid nobody knows whose it is",
    { submission: "submitting", pods: [podOf(undefined)] },
    { kind: "gone", done: [labels, labels] },
  ],
  [
    "one that takes over goes on with the Pod that it has left",
    { submission: "created", pods: [podOf("k"), podOf("j")] },
    { kind: "submitted", uid: "j", done: [labels] },
  ],
  [
    "a Pod that was orphaned has no owner any more",
    { submission: "created", pods: [podOf(undefined)] },
    { kind: "submitted", uid: "j", done: [labels] },
  ],
  [
    "another Job's Pod, and another queue's, are not the attempt's",
    { submission: "created", pods: [podOf("k"), podOf("j", "other")] },
    { kind: "gone", done: [labels] },
  ],
  [
    "another queue's Pod keeps nobody from creating it",
    { submission: "submitting", pods: [podOf("j", "other")] },
    { kind: "submitted", uid: "j", done: [labels, "create"] },
  ],
  ["without a Pod it is gone", { submission: "created" }, { kind: "gone", done: [labels] }],
])("a Job that is not there: %s", async (_, given, expected) => {
  expect(await submit(given)).toEqual(expected);
});
