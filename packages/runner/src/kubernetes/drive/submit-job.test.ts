import { KerutaError } from "@keruta/shared/domain";
import type { Claim } from "@keruta/shared/queue";
import { expect, test } from "vitest";
import type { Job, Pod } from "../../cluster/objects.ts";
import { submitJob } from "./submit-job.ts";
import { timeOfWaits } from "./waits.harness.ts";

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
  /** How the POST is refused, so often; then it is taken. */
  readonly refusal?: KerutaError;
  readonly refusals?: number;
  /** Milliseconds that the queue's clock is behind the driver's. */
  readonly behind?: number;
  /** Milliseconds that the queue takes to renew the lease. */
  readonly renewal?: number;
}

const grace = 60_000;

/** By a driver, of an attempt whose Job is not there. */
async function submit(given: Given) {
  const { submission, pods = [], meanwhile, away, isTaken = false, holder } = given;
  const { refusal, refusals = 0, behind = 0, renewal = 0 } = given;
  const done: string[] = [];
  const time = timeOfWaits(Date.parse("2026-01-01T00:00:00Z"));
  const begin = time.clock();
  let refused = 0;
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
    ...time,
    crashPoint: () => undefined,
    observer: { notice: () => undefined },
    queue: {
      recordAttempt: () => Promise.resolve(),
      renewLease: async () => {
        await new Promise<void>((resolve) => void time.timers.after(renewal, resolve));
        return { held: true, expiresAt: new Date(time.clock() - behind + 60_000).toISOString() };
      },
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
        if (refusal && refused < refusals) {
          refused += 1;
          if (meanwhile === "cancel") cancel.abort();
          if (meanwhile === "lose") lose.abort();
          throw refusal;
        }
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
    grace,
    cancel: cancel.signal,
    lost: lose.signal,
  } as unknown as Parameters<typeof submitJob>[1];
  const submitted = await submitJob(deps, input);
  const { kind } = submitted;
  if (kind === "submitted") return { kind, uid: submitted.job.metadata.uid, done };
  if (kind !== "refused" || !refusal) return { kind, done };
  const { message, retryable } = submitted;
  return {
    kind,
    message,
    retryable,
    posts: done.filter((one) => one === "create").length,
    after: time.clock() - begin,
  };
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

const forbid = (words: string) => new KerutaError("KRT_CLUSTER_FORBIDDEN", { en: words, ja: "" });
const overQuota = forbid('jobs.batch "j" is forbidden: exceeded quota: q, requested: count/jobs.batch=1');
const noRight = forbid(
  'The cluster refused to create job: jobs.batch is forbidden: User "system:serviceaccount:a:b" cannot create resource "jobs" in API group "batch" in the namespace "a".',
);
const notAdmitted = forbid('jobs.batch "j" is forbidden: violates PodSecurity "restricted:latest"');

test("a quota that has no room is asked again until it has", async () => {
  const given = { submission: "none", refusal: overQuota, refusals: 3 } as const;
  expect(await submit(given)).toMatchObject({ kind: "submitted", uid: "j" });
});

test("a quota that has no room for a grace refuses the attempt, which may be tried again", async () => {
  const given = { submission: "none", refusal: overQuota, refusals: Infinity } as const;
  const refused = { kind: "refused", message: overQuota.message, retryable: true, after: grace };
  expect(await submit(given)).toMatchObject(refused);
});

test("a cancel is heeded while a quota has no room", async () => {
  const given = { submission: "none", refusal: overQuota, refusals: Infinity, meanwhile: "cancel" } as const;
  expect(await submit(given)).toMatchObject({ kind: "cancelled" });
});

test("so is a lease that is lost", async () => {
  const given = { submission: "none", refusal: overQuota, refusals: Infinity, meanwhile: "lose" } as const;
  await expect(submit(given)).rejects.toMatchObject({ code: "KRT_LEASE_LOST" });
});

test("a right that the driver lacks ends no task", async () => {
  const given = { submission: "none", refusal: noRight, refusals: Infinity } as const;
  await expect(submit(given)).rejects.toBe(noRight);
});

test("what is not admitted is the task's own, at once", async () => {
  const given = { submission: "none", refusal: notAdmitted, refusals: Infinity } as const;
  const refused = { kind: "refused", message: notAdmitted.message, retryable: false, posts: 1, after: 0 };
  expect(await submit(given)).toEqual(refused);
});

test.each([-600_000, 600_000])("a queue whose clock is %d ms behind is no lost lease", async (behind) => {
  expect(await submit({ submission: "none", behind })).toMatchObject({ kind: "submitted" });
});

test("a lease that took long to renew may be another's before the POST is answered", async () => {
  const slow = submit({ submission: "none", renewal: 31_000 });
  await expect(slow).rejects.toMatchObject({ code: "KRT_LEASE_LOST" });
});
