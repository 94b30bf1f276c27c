import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { AgentReport } from "../agent/protocol.ts";
import { exitCodeOf } from "../exit-code.ts";
import { evidenceOf, graces, minute, now, report } from "./cluster.fixture.ts";
import { clusterEnd, type ClusterEndInput } from "./cluster-end.ts";
import type { ClusterEvidence } from "./cluster-evidence.ts";
import { decideReason, type EndEvidence } from "./decide-reason.ts";
import { observeAttempt } from "./observe-attempt.ts";
import type { Category, Reason } from "./reason.ts";

interface Given {
  readonly evidence: ClusterEvidence;
  readonly report?: Partial<AgentReport>;
  readonly wrapped?: boolean;
  readonly other?: Partial<EndEvidence & Pick<ClusterEndInput, "failure">>;
}

function decide(given: Given) {
  const own = given.report ? { ...report, ...given.report } : null;
  const { failure = null, ...other } = given.other ?? {};
  const input = { report: own, wrapped: given.wrapped ?? true, failure };
  const cluster = clusterEnd(given.evidence, input);
  const nothing = { preparation: null, cancelled: false, artifactsMissing: null, agentEnd: null };
  return decideReason({ report: own, ...nothing, cluster, ...other });
}

type Row = readonly [string, Given, Reason, Category, number | null, number];

const unwrapped = (name: string): Given => ({ evidence: capture(name), wrapped: false });
const wrapped = (name: string, change?: Partial<AgentReport>): Given => ({
  evidence: capture(name),
  ...(change && { report: change }),
});
const couldNot = { reason: "ImagePullFailed", category: "start", message: "no" } as const;

const rows: readonly Row[] = [
  [
    "cancelled, whatever the Pod says",
    { ...wrapped("pod-deleted-exit-0"), other: { cancelled: true } },
    "Cancelled",
    "user",
    0,
    130,
  ],
  ["the Pod's own deadline", unwrapped("deadline-exceeded"), "TimedOut", "command", 9, 124],
  [
    "the agent's timeout",
    wrapped("exit-7-done", { timedOut: true, exitCode: 7 }),
    "TimedOut",
    "command",
    7,
    124,
  ],
  [
    "evicted by ephemeral storage",
    unwrapped("evicted-ephemeral-storage"),
    "Evicted",
    "infrastructure",
    137,
    125,
  ],
  [
    "evicted by the API, though the command then ended with 0",
    unwrapped("evicted-by-api-ended"),
    "Evicted",
    "infrastructure",
    0,
    125,
  ],
  [
    "evicted and gone",
    { evidence: capture("evicted-by-api", { podGone: true }) },
    "Evicted",
    "infrastructure",
    null,
    125,
  ],
  [
    "deleted, though the command then ended with 0",
    unwrapped("pod-deleted-exit-0"),
    "PodLost",
    "infrastructure",
    0,
    125,
  ],
  [
    "deleted and gone",
    { evidence: capture("pod-deleted-deleting", { podGone: true }) },
    "PodLost",
    "infrastructure",
    null,
    125,
  ],
  [
    "deleted with its Job",
    { evidence: capture("job-deleted", { podGone: true }) },
    "PodLost",
    "infrastructure",
    null,
    125,
  ],
  [
    "a Job that is gone",
    { evidence: capture("running", { pod: null, jobGone: true }) },
    "PodLost",
    "infrastructure",
    null,
    125,
  ],
  [
    "gone without a word",
    { evidence: capture("running", { podGone: true }) },
    "PodLost",
    "infrastructure",
    null,
    125,
  ],
  [
    "required artifacts that are missing",
    { ...wrapped("exit-0-done", {}), other: { artifactsMissing: "none" } },
    "ArtifactsMissing",
    "command",
    0,
    125,
  ],
  ["exit 0", unwrapped("exit-0-done"), "Completed", "command", 0, 0],
  ["exit 0 though OOMKilled", unwrapped("oom-killed-exit-0"), "Completed", "command", 0, 0],
  ["OOMKilled with 137", unwrapped("oom-killed-137"), "OOMKilled", "command", 137, 137],
  ["OOMKilled with 1", unwrapped("oom-killed-exit-1"), "OOMKilled", "command", 1, 1],
  [
    "the agent killed with its command for lack of memory",
    wrapped("oom-killed-137"),
    "OOMKilled",
    "command",
    137,
    137,
  ],
  [
    "a child killed for lack of memory, under the agent",
    wrapped("oom-killed-exit-1", { exitCode: 1, oomKills: 1 }),
    "OOMKilled",
    "command",
    1,
    1,
  ],
  ["no such file", unwrapped("start-error-not-found"), "CommandNotFound", "task-definition", null, 127],
  ["not in PATH", unwrapped("start-error-not-in-path"), "CommandNotFound", "task-definition", null, 127],
  [
    "not executable",
    unwrapped("start-error-not-executable"),
    "CommandNotExecutable",
    "task-definition",
    null,
    126,
  ],
  [
    "no working directory",
    unwrapped("start-error-working-directory"),
    "ContainerConfigError",
    "task-definition",
    null,
    125,
  ],
  ["the agent is not where it should be", wrapped("agent-missing"), "PodLost", "infrastructure", null, 125],
  ["the clone's agent is not there", wrapped("clone-agent-missing"), "PodLost", "infrastructure", null, 125],
  ["exit 7 while the sidecar holds", unwrapped("exit-7-collecting"), "Error", "command", 7, 7],
  ["exit 7", wrapped("exit-7-done", { exitCode: 7 }), "Error", "command", 7, 7],
  ["a clone that may work next time", wrapped("clone-failed-start"), "CloneFailed", "start", null, 125],
  [
    "a clone that cannot work",
    wrapped("clone-failed-definition"),
    "CloneFailed",
    "task-definition",
    null,
    125,
  ],
  ["a clone without memory", wrapped("clone-oom-killed"), "CloneFailed", "start", null, 125],
  [
    "a start that was given up",
    { evidence: capture("image-pull-back-off"), other: { failure: couldNot } },
    "ImagePullFailed",
    "start",
    null,
    125,
  ],
  [
    "a start that was given up, and then its Pod was ended",
    { evidence: capture("image-pull-back-off", { podGone: true }), other: { failure: couldNot } },
    "ImagePullFailed",
    "start",
    null,
    125,
  ],
  [
    "a start that was given up a moment before it came: the command's own end",
    { evidence: capture("exit-7-done"), other: { failure: couldNot } },
    "Error",
    "command",
    7,
    7,
  ],
  [
    "a start that came a moment after it was given up, and was ended with its Pod",
    { ...unwrapped("pod-deleted-exit-0"), other: { failure: couldNot } },
    "ImagePullFailed",
    "start",
    null,
    125,
  ],
];

describe("clusterEnd and decideReason", () => {
  test.each(rows)("%s", (_name, given, reason, category, exitCode, submitExit) => {
    const ending = decide(given);
    expect(ending).toMatchObject({ reason, category, exitCode });
    const status = reason === "Completed" ? "COMPLETED" : reason === "Cancelled" ? "CANCELLED" : "FAILED";
    expect(exitCodeOf(status, ending)).toBe(submitExit);
  });

  test.each<readonly [string, Given, string]>([
    [
      "the kubelet",
      unwrapped("evicted-ephemeral-storage"),
      'Usage of EmptyDir volume "e" exceeds the limit "1Mi"',
    ],
    ["the API", unwrapped("evicted-by-api-ended"), "EvictionByEvictionAPI"],
    ["git", wrapped("clone-failed-start"), "fatal: could not read from remote"],
    ["the runtime", unwrapped("start-error-not-found"), "stat /no-such: no such file or directory"],
    ["the kubelet's deadline", unwrapped("deadline-exceeded"), "longer than the specified deadline"],
    ["the command's last words", unwrapped("exit-7-done"), "seven"],
    ["a warning", unwrapped("oom-killed-exit-0"), "lack of memory"],
  ])("quotes %s", (_name, given, words) => {
    expect(decide(given).message).toContain(words);
  });
});

describe("a disruption after the command's end", () => {
  const hour = 60 * minute;
  const askedAt = ({ pod }: ClusterEvidence): number => {
    const { deletionTimestamp = "", deletionGracePeriodSeconds = 0 } = pod?.metadata ?? {};
    return Date.parse(deletionTimestamp) - deletionGracePeriodSeconds * 1000;
  };

  describe.each<readonly [string, ClusterEvidence, number, Reason]>([
    ["deleted", capture("pod-deleted-exit-0"), askedAt(capture("pod-deleted-exit-0")), "PodLost"],
    ["evicted by the API", capture("evicted-by-api-ended"), Date.parse("2026-11-22T08:04:10Z"), "Evicted"],
    [
      "evicted by its kubelet",
      capture("evicted-ephemeral-storage"),
      Date.parse("2026-11-22T08:04:45Z"),
      "Evicted",
    ],
  ])("a Pod that is %s", (_name, evidence, at, taken) => {
    const endAt = (time: number, change: Partial<AgentReport> = {}) =>
      decide({ evidence, report: { finishedAt: new Date(time).toISOString(), ...change } });

    test.each([-hour, -1000, 0, hour])(
      "has the end that its agent tells, on whatever clock: %d ms off",
      (off) => {
        expect(endAt(at + off).reason).toBe("Completed");
        expect(endAt(at + off, { exitCode: 5 })).toMatchObject({ reason: "Error", exitCode: 5 });
        for (const end of [{ exitCode: 0 }, { exitCode: 3 }, { exitCode: null, signal: "SIGTERM" }])
          expect(endAt(at + off, { ...end, stopped: "signal" })).toMatchObject({
            reason: taken,
            category: "infrastructure",
          });
        expect(endAt(at + off, { stopped: "cancel" }).reason).toBe("Cancelled");
        expect(endAt(at + off, { timedOut: true }).reason).toBe("TimedOut");
      },
    );

    test.each<Partial<AgentReport>>([
      { stopped: "other-signal" },
      { exitCode: null, signal: "SIGTERM" },
      { exitCode: 137 },
    ])("has it by time where its agent leaves open whether it was told: %o", (change) => {
      expect(endAt(at - 1, change).reason).not.toBe(taken);
      expect(endAt(at, change).reason).toBe(taken);
    });

    test("has it by time where no agent tells", () => {
      const status = evidence.pod?.status;
      const endedAt = (time: number) => {
        const terminated = { exitCode: 0, finishedAt: new Date(time).toISOString() };
        const pod = { ...evidence.pod, metadata: evidence.pod?.metadata ?? {} };
        const containerStatuses = [{ name: "main", state: { terminated } }];
        return decide({
          evidence: { ...evidence, pod: { ...pod, status: { ...status, containerStatuses } } },
        });
      };
      expect([endedAt(at - 1).reason, endedAt(at).reason]).toEqual(["Completed", taken]);
    });
  });

  test("a command that is told to end in a Pod which nobody takes away has its own end", () => {
    const evidence = capture("exit-7-done");
    expect(decide({ evidence, report: { exitCode: 7, stopped: "signal" } })).toMatchObject({
      reason: "Error",
      exitCode: 7,
    });
    expect(decide({ evidence, report: { exitCode: 0, stopped: "signal" } }).reason).toBe("Completed");
  });

  test("a Pod that the kubelet has already deleted for good no longer tells when that was asked for", () => {
    const evidence = capture("pod-deleted-exit-0");
    const { pod } = evidence;
    if (!pod) throw new Error("the capture has a Pod");
    const metadata = {
      ...pod.metadata,
      deletionTimestamp: "2026-11-22T09:00:00Z",
      deletionGracePeriodSeconds: 0,
    };
    const late = { ...evidence, pod: { ...pod, metadata } };
    const told = { exitCode: null, signal: "SIGTERM" };
    expect(decide({ evidence: late, report: told }).reason).toBe("PodLost");
    expect(decide({ evidence: late, report: { exitCode: 5 } })).toMatchObject({
      reason: "Error",
      exitCode: 5,
    });
    expect(decide({ evidence: late, report: {} }).reason).toBe("Completed");
  });

  test("a Pod that is told again to end, after its shorter grace, counts from the first time", () => {
    const evidence = capture("pod-deleted-exit-0");
    const { pod } = evidence;
    if (!pod) throw new Error("the capture has a Pod");
    const asked = Date.parse("2026-11-22T09:00:00Z");
    const deleted = (time: number, deletionGracePeriodSeconds: number) => ({
      deletionTimestamp: new Date(time + deletionGracePeriodSeconds * 1000).toISOString(),
      deletionGracePeriodSeconds,
    });
    let seen = { ...evidence, terminatingSince: null as number | null };
    for (const change of [deleted(asked, 300), deleted(asked + 20_000, 1), deleted(asked + 21_000, 0)]) {
      seen = { ...seen, pod: { ...pod, metadata: { ...pod.metadata, ...change } } };
      seen = { ...seen, terminatingSince: observeAttempt(seen, graces, now).terminatingSince };
    }
    const endAt = (time: number) =>
      decide({
        evidence: seen,
        report: { stopped: "other-signal", finishedAt: new Date(time).toISOString() },
      }).reason;
    expect([endAt(asked - 1), endAt(asked), endAt(asked + 15_000)]).toEqual([
      "Completed",
      "PodLost",
      "PodLost",
    ]);
  });

  test.each([
    "failed to create containerd task: failed to create shim task: context canceled: unknown",
    'failed to create containerd task: rpc error: code = Unavailable desc = connection error: desc = "transport"',
  ])("a container runtime that failed itself is the node's trouble: %s", (message) => {
    const evidence = capture("start-error-working-directory");
    const { pod } = evidence;
    const [main] = pod?.status?.containerStatuses ?? [];
    if (!pod || !main?.state?.terminated) throw new Error("the capture has a container that was not started");
    const terminated = { ...main.state.terminated, message };
    const status = { ...pod.status, containerStatuses: [{ ...main, state: { terminated } }] };
    const troubled = { ...evidence, pod: { ...pod, status } };
    const ending = decide({ evidence: troubled });
    expect(ending).toMatchObject({ reason: "PodLost", category: "infrastructure", exitCode: null });
    expect(ending.message).toContain(message.slice(0, 40));
    expect(observeAttempt(troubled, graces, now)).toMatchObject({ ended: true, commandStartedAt: null });
  });

  test.each<readonly [string, ClusterEvidence]>([
    ["gone without a word", capture("running", { podGone: true })],
    ["gone with its Job before a driver saw it", capture("running", { pod: null, jobGone: true })],
    ["there without its container, which its node has lost", lostByNode(capture("running"))],
  ])("a Pod that is %s has the end that its agent told", (_name, evidence) => {
    expect(decide({ evidence, report: { exitCode: 5 } })).toMatchObject({ reason: "Error", exitCode: 5 });
    expect(decide({ evidence, report: {} }).reason).toBe("Completed");
    const told = { exitCode: null, signal: "SIGTERM" };
    // Told to end with the Pod, which is no end of its own.
    expect(decide({ evidence, report: told }).reason).toBe("PodLost");
    expect(decide({ evidence, report: { exitCode: 5, stopped: "signal" } }).reason).toBe("PodLost");
    expect(decide({ evidence, report: { exitCode: 137, oomKills: 1 } }).reason).toBe("OOMKilled");
    expect(decide({ evidence, report: { ...told, timedOut: true } }).reason).toBe("TimedOut");
  });

  test("a Pod whose end was seen and that is gone then keeps it", () => {
    expect(decide({ evidence: capture("exit-7-done", { podGone: true }), wrapped: false })).toMatchObject({
      reason: "Error",
      exitCode: 7,
    });
  });

  test("a deadline that passes while the sidecar holds is not the command's", () => {
    const evidence = capture("deadline-exceeded");
    const { pod } = evidence;
    const [main] = pod?.status?.containerStatuses ?? [];
    const terminated = { exitCode: 0, finishedAt: "2026-11-22T08:04:23Z" };
    const status = { ...pod?.status, containerStatuses: [{ ...main, name: "main", state: { terminated } }] };
    expect(
      decide({ evidence: { ...evidence, pod: { ...pod, metadata: {}, status } }, report: {} }).reason,
    ).toBe("Completed");
  });
});

/** As a kubelet has it that finds nothing of the container after both it and the runtime were away. */
function lostByNode(evidence: ClusterEvidence): ClusterEvidence {
  const { pod } = evidence;
  const [main] = pod?.status?.containerStatuses ?? [];
  if (!pod || !main) throw new Error("the capture has a container");
  const message = "The container could not be located when the pod was terminated";
  const terminated = { exitCode: 137, reason: "ContainerStatusUnknown", message };
  const status = { ...pod.status, phase: "Failed", containerStatuses: [{ ...main, state: { terminated } }] };
  return { ...evidence, pod: { ...pod, status } };
}

test("a container that its node has lost is lost where its agent has told no end", () => {
  expect(decide({ evidence: lostByNode(capture("running")) })).toMatchObject({
    reason: "PodLost",
    exitCode: null,
    message: expect.stringContaining("could not be located"),
  });
});

test("a node that would not take the Pod has lost it", () => {
  const pod = {
    metadata: { name: "p" },
    status: { phase: "Failed", reason: "OutOfcpu", message: "Node didn't have enough resource" },
  };
  expect(decide({ evidence: { ...capture("running"), pod } })).toMatchObject({
    reason: "PodLost",
    category: "infrastructure",
    message: expect.stringContaining("OutOfcpu: Node didn't have enough resource"),
  });
});

test("an agent that failed before the command is not the command's 125", () => {
  const evidence = capture("exit-7-done");
  const { pod } = evidence;
  const terminated = {
    exitCode: 125,
    finishedAt: "2026-11-22T08:05:46Z",
    message: "start.json is there already",
  };
  const status = { ...pod?.status, containerStatuses: [{ name: "main", state: { terminated } }] };
  const failed = { ...evidence, pod: { ...pod, metadata: {}, status } };
  expect(decide({ evidence: failed })).toMatchObject({
    reason: "Error",
    exitCode: null,
    message: "The agent failed: start.json is there already.",
  });
  expect(decide({ evidence: failed, wrapped: false })).toMatchObject({ reason: "Error", exitCode: 125 });
});

function capture(name: string, change: Partial<ClusterEvidence> = {}): ClusterEvidence {
  const url = new URL(`cluster-fixtures/${name}.json`, import.meta.url);
  return evidenceOf(readFileSync(url, "utf8"), change);
}
