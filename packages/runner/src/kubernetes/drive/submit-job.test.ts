import { KerutaError } from "@keruta/shared/domain";
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
  /** Someone cancels, or the lease is lost, while the cluster does not answer. */
  readonly meanwhile?: "cancel" | "lose";
  /** What of the cluster does not answer, the first time. */
  readonly away?: "getJob" | "createJob";
  /** The POST that was not answered was taken all the same. */
  readonly isTaken?: boolean;
  /** The queue of a Job that has the name from the start. */
  readonly holder?: string;
}

/** By a driver, of an attempt whose Job is not there. */
async function submit({ submission, pods = [], meanwhile, away, isTaken = false, holder }: Given) {
  const done: string[] = [];
  const [cancel, lose] = [new AbortController(), new AbortController()];
  let isAway = away;
  const jobOf = (queue: string): Job => ({ ...job, metadata: { ...job.metadata, labels: labelsOf(queue) } });
  let there = holder === undefined ? undefined : jobOf(holder);
  const answering = (what: Given["away"]) => {
    if (isAway !== what) return;
    isAway = undefined;
    if (meanwhile === "cancel") cancel.abort();
    if (meanwhile === "lose") lose.abort();
    if (isTaken) there = jobOf("q");
    throw new KerutaError("KRT_CLUSTER_UNREACHABLE", { en: "away", ja: "away" });
  };
  const deps = {
    clusterIdentity: "c",
    clock: () => 0,
    crashPoint: () => undefined,
    observer: { notice: () => undefined },
    timers: { after: (_: number, act: () => void) => queueMicrotask(act) },
    queue: {
      recordAttempt: () => Promise.resolve(),
      renewLease: () => Promise.resolve({ held: true, expiresAt: new Date(60_000).toISOString() }),
    },
    cluster: {
      getJob: async () => {
        answering("getJob");
        return there;
      },
      listPods: ({ labelSelector }: { labelSelector: string }) => {
        done.push(labelSelector);
        const wanted = ({ metadata }: Pod) =>
          labelSelector.includes(`keruta.dev/queue=${metadata.labels?.["keruta.dev/queue"] ?? ""},`);
        return Promise.resolve(pods.filter(wanted));
      },
      createJob: async () => {
        done.push("create");
        answering("createJob");
        return there ? { outcome: "exists" } : { outcome: "created", job };
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
    cancel: cancel.signal,
    lost: lose.signal,
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

test.each<readonly [string, Given, Awaited<ReturnType<typeof submit>>]>([
  [
    "a Job whose POST was not answered is asked for, and there",
    { submission: "none", away: "createJob", meanwhile: "cancel", isTaken: true },
    { kind: "submitted", uid: "j", done: ["create"] },
  ],
  [
    "a Job whose POST was not answered is asked for, and not there",
    { submission: "none", away: "createJob", meanwhile: "cancel" },
    { kind: "cancelled", done: ["create", labels] },
  ],
  [
    "a Job of the driver before is asked for, and not there",
    { submission: "submitting", away: "getJob", meanwhile: "cancel" },
    { kind: "cancelled", done: [labels] },
  ],
  [
    "a Job of the driver before is asked for, and there",
    { submission: "submitting", away: "getJob", meanwhile: "cancel", isTaken: true },
    { kind: "submitted", uid: "j", done: [] },
  ],
])("a cancel while the cluster does not answer: %s", async (_, given, expected) => {
  expect(await submit(given)).toEqual(expected);
});

test.each<readonly [string, Given, Awaited<ReturnType<typeof submit>>]>([
  ["its own", { submission: "none", holder: "q" }, { kind: "submitted", uid: "j", done: ["create"] }],
  [
    "its own, which is not shown at once",
    { submission: "none", holder: "q", away: "getJob" },
    { kind: "submitted", uid: "j", done: ["create"] },
  ],
  ["another's", { submission: "none", holder: "other" }, { kind: "refused", done: ["create"] }],
  ["another's, at a takeover", { submission: "submitting", holder: "other" }, { kind: "refused", done: [] }],
])("a Job that has the name already: %s", async (_, given, expected) => {
  expect(await submit(given)).toEqual(expected);
});

test.each<readonly [string, Given]>([
  ["of a first driver", { submission: "none", away: "createJob", meanwhile: "lose" }],
  ["of one that takes over", { submission: "submitting", away: "getJob", meanwhile: "lose" }],
  ["of one whose Job was made", { submission: "created", away: "getJob", meanwhile: "lose" }],
])("a lease that is lost while the cluster does not answer is no cancel: %s", async (_, given) => {
  await expect(submit(given)).rejects.toMatchObject({ code: "KRT_LEASE_LOST" });
});
