import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { evidenceOf, graces, minute, now } from "./cluster.fixture.ts";
import type { ClusterEvidence, ClusterGraces, Observation } from "./cluster-evidence.ts";
import { observeAttempt } from "./observe-attempt.ts";
import type { Category, Reason } from "./reason.ts";

const observe = (evidence: ClusterEvidence, at = now) => observeAttempt(evidence, graces, at);

type Grace = keyof ClusterGraces | "at once";
type Row = readonly [string, Observation["phase"], Grace, Reason, Category, string];

const troubles: readonly Row[] = [
  [
    "image-pull-error",
    "Pulling",
    "image",
    "ImagePullFailed",
    "start",
    'failed to resolve reference "localhost/none/such:1"',
  ],
  ["image-pull-back-off", "Pulling", "image", "ImagePullFailed", "start", "localhost/none/such:1"],
  ["image-never-pull", "Starting", "image", "ImagePullFailed", "start", "pull policy of Never"],
  ["invalid-image-name", "Starting", "at once", "InvalidImage", "task-definition", "UPPER//x:1"],
  ["clone-image-pull", "Pulling", "image", "ImagePullFailed", "start", "The image of container git-clone"],
  [
    "missing-secret-variable",
    "Starting",
    "config",
    "ContainerConfigError",
    "task-definition",
    'secret "absent" not found',
  ],
  [
    "root-image-not-allowed",
    "Starting",
    "at once",
    "ContainerConfigError",
    "task-definition",
    "runAsNonRoot",
  ],
  [
    "missing-secret-volume",
    "Starting",
    "config",
    "ContainerConfigError",
    "task-definition",
    'secret "absent" not found',
  ],
  [
    "missing-config-map-volume",
    "Starting",
    "config",
    "ContainerConfigError",
    "task-definition",
    'configmap "absent" not found',
  ],
  [
    "unschedulable-node-selector",
    "Scheduling",
    "scheduling",
    "Unschedulable",
    "start",
    "node affinity/selector",
  ],
  ["unschedulable-cpu", "Scheduling", "scheduling", "Unschedulable", "start", "Insufficient cpu"],
  [
    "missing-claim",
    "Scheduling",
    "scheduling",
    "Unschedulable",
    "start",
    'persistentvolumeclaim "absent" not found',
  ],
  ["quota-exceeded", "Scheduling", "quota", "SubmitFailed", "start", "exceeded quota"],
  [
    "pod-security-refused",
    "Scheduling",
    "at once",
    "SubmitFailed",
    "task-definition",
    "violates PodSecurity",
  ],
  [
    "missing-service-account",
    "Scheduling",
    "at once",
    "SubmitFailed",
    "task-definition",
    'serviceaccount "absent" not found',
  ],
  ["sidecar-post-start-failed", "Starting", "sidecar", "SidecarFailed", "start", "PostStartHook failed"],
  ["sidecar-post-start-back-off", "Starting", "sidecar", "SidecarFailed", "start", "PostStartHook failed"],
  ["sidecar-exits", "Starting", "sidecar", "SidecarFailed", "start", "ended with exit code 3"],
  ["sidecar-image-pull", "Pulling", "image", "SidecarFailed", "start", "localhost/none/agent:1"],
  ["sidecar-start-error", "Starting", "sidecar", "SidecarFailed", "start", "/keruta-agent: no such file"],
];

describe("a start that hangs", () => {
  test.each(troubles)("%s", (name, phase, grace, reason, category, words) => {
    const first = observe(capture(name));
    expect(first).toMatchObject({ phase, ended: false });
    const wanted = { reason, category, message: expect.stringContaining(words) };
    const span = grace === "at once" ? 0 : graces[grace];
    const again = (at: number) => observe(capture(name, { wait: first.wait }), at);
    expect(again(now + span - 1).failure).toBeNull();
    expect(again(now + span)).toMatchObject({ ended: false, failure: wanted, lookAgainAt: null });
    expect(first.wait).toMatchObject({ trouble: true, since: now });
    expect(first.lookAgainAt).toBe(span === 0 ? null : now + span);
  });

  test("says so in one sentence", () => {
    for (const [name] of troubles) {
      const message = observe(capture(name)).wait?.failure.message ?? "";
      expect(message).toMatch(/^\S[^\n]*[^.:\s]\.$/);
    }
  });

  test("is measured from its first sight, though its status swings", () => {
    const first = observe(capture("sidecar-post-start-failed"));
    const then = observe(capture("sidecar-post-start-back-off", { wait: first.wait }), now + 5 * minute);
    expect(then).toMatchObject({ failure: null, lookAgainAt: now + graces.sidecar });
    const pull = observe(capture("image-pull-error"));
    const backOff = observe(capture("image-pull-back-off", { wait: pull.wait }), now + graces.image);
    expect(backOff.failure?.reason).toBe("ImagePullFailed");
  });

  test("has its grace anew where it hangs on another thing", () => {
    const first = observe(capture("quota-exceeded"));
    const then = observe(capture("unschedulable-cpu", { wait: first.wait }), now + 10 * minute);
    expect(then).toMatchObject({ failure: null, wait: { since: now + 10 * minute } });
  });

  test.each(troubles)(
    "ends at the pending timeout with what it waits for: %s",
    (name, _phase, _grace, reason) => {
      const longGraces = { ...graces, image: 1e9, config: 1e9, scheduling: 1e9, quota: 1e9, sidecar: 1e9 };
      const late = now + graces.pendingTimeout;
      expect(observeAttempt(capture(name), longGraces, late).failure?.reason).toBe(reason);
    },
  );

  test("waits as long as it may where it is only a storage that is slow", () => {
    const slow = capture("missing-secret-volume");
    const events = slow.events.map((event) => ({
      ...event,
      message: 'Multi-Attach error for volume "pvc-1": volume is already used by pod(s) other',
    }));
    expect(observe({ ...slow, events })).toMatchObject({ lookAgainAt: now + graces.pendingTimeout });
  });

  test("is not the namespace's own ServiceAccount, which comes a moment after it", () => {
    const young = capture("missing-service-account");
    const events = young.events.map((event) => ({
      ...event,
      message: event.message?.replaceAll("absent", "default") ?? "",
    }));
    expect(observe({ ...young, events })).toMatchObject({ failure: null, lookAgainAt: now + graces.quota });
  });

  test("is not what another Pod's events say", () => {
    const evidence = capture("missing-secret-volume");
    const events = evidence.events.map((event) => ({
      ...event,
      involvedObject: { kind: "Pod", uid: "other" },
    }));
    expect(observe({ ...evidence, events }).wait).toMatchObject({ trouble: false });
  });
});

describe("a start without trouble", () => {
  test.each<readonly [string, ClusterEvidence, Observation["phase"], Reason]>([
    ["no Pod yet", { ...capture("running"), pod: null, events: [] }, "Scheduling", "SubmitFailed"],
    ["cloning", capture("cloning"), "Cloning", "CloneFailed"],
    [
      "nothing known of its containers",
      { ...capture("cloning"), pod: bare() },
      "Scheduling",
      "Unschedulable",
    ],
    ["pulling", pulling(), "Pulling", "ImagePullFailed"],
  ])("%s ends at the pending timeout only", (_name, evidence, phase, reason) => {
    const until = now + graces.pendingTimeout;
    expect(observe(evidence)).toMatchObject({ phase, failure: null, lookAgainAt: until });
    expect(observe(evidence, until)).toMatchObject({ failure: { reason, category: "start" } });
  });

  function bare() {
    const { pod } = capture("cloning");
    return { metadata: pod?.metadata ?? {}, status: { phase: "Pending" } };
  }

  /** A pull that has begun and neither failed nor ended: seconds here, minutes elsewhere. */
  function pulling(): ClusterEvidence {
    const { pod, events, ...rest } = capture("image-pull-error");
    const containerStatuses = [{ name: "main", state: { waiting: { reason: "PodInitializing" } } }];
    return {
      ...rest,
      pod: { ...pod, metadata: pod?.metadata ?? {}, status: { ...pod?.status, containerStatuses } },
      events: events.filter(({ reason }) => reason !== "Failed" && reason !== "BackOff"),
    };
  }
});

describe("a command that runs or has ended", () => {
  test("running", () => {
    expect(observe(capture("running"), now + 24 * 60 * minute)).toEqual({
      phase: "Running",
      ended: false,
      failure: null,
      wait: null,
      terminatingSince: null,
      lookAgainAt: null,
      podName: expect.stringMatching(/^f-api-/),
      node: "keruta-node",
      imageId: expect.stringMatching(/^sha256:/),
      commandStartedAt: "2026-11-22T08:04:06Z",
    });
  });

  test.each([
    "exit-7-collecting",
    "exit-7-done",
    "exit-0-done",
    "oom-killed-137",
    "start-error-not-found",
    "clone-failed-start",
    "deadline-exceeded",
    "evicted-ephemeral-storage",
    "evicted-by-api-ended",
    "pod-deleted-exit-0",
  ])("%s", (name) => {
    expect(observe(capture(name))).toMatchObject({
      phase: "Collecting",
      ended: true,
      failure: null,
      lookAgainAt: null,
    });
  });

  test("a Pod that is being deleted may still end by itself, and is given up a minute after its grace", () => {
    const evidence = capture("pod-deleted-deleting");
    const until = Date.parse(evidence.pod?.metadata.deletionTimestamp ?? "") + minute;
    expect(observe(evidence, until - 1)).toMatchObject({
      phase: "Running",
      ended: false,
      lookAgainAt: until,
    });
    expect(observe(evidence, until)).toMatchObject({ ended: true });
  });

  test("a Job that was deleted leaves its Pod its grace", () => {
    expect(observe(capture("job-deleted"))).toMatchObject({ phase: "Running", ended: false });
  });

  test("a Pod that is gone, and a Job that is gone before any Pod was seen", () => {
    const evidence = capture("running");
    expect(observe({ ...evidence, podGone: true }).ended).toBe(true);
    expect(observe({ ...evidence, pod: null, jobGone: true }).ended).toBe(true);
  });
});

function capture(name: string, change: Partial<ClusterEvidence> = {}): ClusterEvidence {
  const url = new URL(`cluster-fixtures/${name}.json`, import.meta.url);
  return evidenceOf(readFileSync(url, "utf8"), change);
}
