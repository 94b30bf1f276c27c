import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createClusterSandbox, type ClusterSandbox } from "./environment.ts";
import {
  busybox,
  crashingAt,
  eventually,
  logRecords,
  namesOf,
  nothingRuns,
  podOf,
  show,
  submit,
} from "./submitted.ts";

// A queue of its own for each case: the next bare `keruta submit` is then about its task.
const steps = [
  "claimed",
  "submitting",
  "claims-made",
  "submitted",
  "recorded",
  "pod-recorded",
  "running",
  "ended",
  "logged",
  "collected",
  "settle:before-commit",
  "settled",
] as const;
type Next = "attach" | "submit";
// Each step with one of the two, and where they differ most with both.
const cases = steps.flatMap((at, index): readonly { readonly at: string; readonly next: Next }[] => {
  if (at === "submitted" || at === "settled")
    return [
      { at, next: "attach" },
      { at, next: "submit" },
    ];
  return [{ at, next: index % 2 === 0 ? "attach" : "submit" }];
});

const spec = { command: ["sh", "-c", "echo one; sleep 1; echo two; echo three >&2; exit 3"] };

describe("kill -9 of keruta submit, then one start, one Job, each line once and the true exit code", () => {
  test.concurrent.each(cases)("at $at, then $next", async ({ at, next }) => {
    await using cluster = await createClusterSandbox();
    const crashed = await submit(cluster, spec, crashingAt(at));
    expect((await crashed.ended).signal).toBe("SIGKILL");
    const id = await crashed.id();

    const bare = ["submit", "--runner", "kubernetes", "--empty-exit-code", "75"];
    const run = await cluster.run(next === "attach" ? ["attach", id] : bare);
    const isSettled = at === "settled";
    expect([run.code, run.lastWord]).toEqual([
      isSettled && next === "submit" ? 75 : 3,
      expect.stringContaining(isSettled && next === "submit" ? "nothing to run" : `${id} FAILED: Error`),
    ]);
    const printed = run.stdout.toString();
    expect(isSettled ? "one\ntwo\n" : printed).toBe("one\ntwo\n");

    const shown = await show(cluster, id);
    expect(shown.status).toBe("FAILED");
    expect(shown.attempts).toMatchObject([
      { reason: "Error", exitCode: 3, log: { bytes: 14, complete: true } },
    ]);
    const records = await logRecords(cluster, id);
    expect(records.filter(({ kind }) => kind === "control").map(({ control }) => control?.type)).toEqual(
      expect.arrayContaining(["started"]),
    );
    expect(records.filter(({ control }) => control?.type === "started").length).toBe(1);
    const lines = records.filter(({ kind }) => kind === undefined);
    expect(lines.map(({ stream, message }) => `${String(stream)} ${String(message)}`).toSorted()).toEqual([
      "stderr three",
      "stdout one",
      "stdout two",
    ]);
    expect(await namesOf(cluster, "jobs", id)).toEqual([`keruta-${id}-1`]);
    expect((await namesOf(cluster, "pods", id)).length).toBe(1);
    await nothingRuns(cluster, id);
  });
});

test.concurrent("why a start was given up outlives the driver that gave it up", async () => {
  await using cluster = await createClusterSandbox();
  const crashed = await submit(
    cluster,
    { image: "example.invalid/none:1", command: ["true"] },
    crashingAt("ended"),
  );
  expect((await crashed.ended).signal).toBe("SIGKILL");
  const id = await crashed.id();
  const run = await cluster.run(["attach", id]);
  expect([run.code, run.lastWord]).toEqual([125, expect.stringContaining("ImagePullFailed")]);
  expect((await show(cluster, id)).attempts.length).toBe(1);
});

describe("a Job that somebody deletes is PodLost and its command is not started again", () => {
  const long = { command: ["sh", "-c", "echo one; exec sleep 60"], retry: { attempts: 1 } };
  const expectLost = async (cluster: ClusterSandbox, id: string) => {
    const shown = await show(cluster, id);
    expect(shown.attempts).toMatchObject([{ reason: "PodLost", category: "infrastructure" }]);
    expect(await namesOf(cluster, "jobs", id)).toEqual([]);
    await nothingRuns(cluster, id);
  };

  let cluster: ClusterSandbox;
  beforeAll(async () => {
    cluster = await createClusterSandbox();
  });
  afterAll(() => cluster[Symbol.asyncDispose]());

  /** The task's id; its driver has killed itself at the step. */
  const submitAndDie = async (wanted: object, at: string) => {
    const crashed = await submit(cluster, { ...wanted }, crashingAt(at));
    expect((await crashed.ended).signal).toBe("SIGKILL");
    return await crashed.id();
  };

  test.concurrent.each(["recorded", "running"])(
    "between its driver's death at %s and the next",
    async (at) => {
      const id = await submitAndDie(long, at);
      await cluster.kubectl("delete", "job", `keruta-${id}-1`, "--grace-period=1", "--wait=true");
      const run = await cluster.run(["attach", id]);
      expect([run.code, run.lastWord]).toEqual([125, expect.stringContaining("PodLost")]);
      await expectLost(cluster, id);
    },
  );

  test.concurrent("and what its Pod still has is fetched by the next driver", async () => {
    const told =
      "echo whole > part; trap 'echo last words; exit 3' TERM; echo ready; while :; do sleep 0.05; done";
    const kept = { command: ["sh", "-c", told], artifacts: { paths: ["part"] }, retry: { attempts: 1 } };
    const id = await submitAndDie(kept, "running");
    const pod = await podOf(cluster, id);
    await eventually(async () => (await cluster.kubectl("logs", pod)).includes("ready") || undefined);
    await cluster.kubectl("delete", "job", `keruta-${id}-1`, "--wait=true");
    const run = await cluster.run(["attach", id]);
    expect([run.code, run.stdout.toString()]).toEqual([125, "ready\nlast words\n"]);
    const [attempt] = (await show(cluster, id)).attempts;
    const artifacts = { status: "Collected", files: 1 };
    expect(attempt).toMatchObject({ reason: "PodLost", exitCode: 3, log: { complete: true }, artifacts });
    await expectLost(cluster, id);
  });

  test.concurrent("but a Pod that it leaves comes to its own end", async () => {
    const id = await submitAndDie(spec, "running");
    await cluster.kubectl("delete", "job", `keruta-${id}-1`, "--cascade=orphan");
    const run = await cluster.run(["attach", id]);
    expect([run.code, run.stdout.toString()]).toEqual([3, "one\ntwo\n"]);
    expect((await show(cluster, id)).attempts).toMatchObject([{ reason: "Error", exitCode: 3 }]);
  });

  test.concurrent("and so is its Pod, deleted while no driver looked", async () => {
    const id = await submitAndDie(long, "running");
    await cluster.kubectl("delete", "pod", await podOf(cluster, id), "--grace-period=1", "--wait=true");
    await cluster.kubectl("wait", "--for=condition=Failed", `job/keruta-${id}-1`, "--timeout=60s");
    const run = await cluster.run(["attach", id]);
    expect([run.code, run.lastWord]).toEqual([125, expect.stringContaining("PodLost")]);
    expect((await show(cluster, id)).attempts.length).toBe(1);
  });

  test.concurrent("and another Pod that is put in its place stays behind its gate", async () => {
    const id = await submitAndDie(long, "running");
    const pod = await podOf(cluster, id);
    const { metadata, spec: own } = JSON.parse(await cluster.kubectl("get", "pod", pod, "-o", "json")) as {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: { readonly schedulingGates?: unknown };
    };
    expect(own.schedulingGates).toBeUndefined();
    const ofAttempt = Object.entries(metadata.labels).filter(([name]) => name.startsWith("keruta.dev/"));
    const container = { name: "main", image: busybox, command: ["sh", "-c", "echo twice"] };
    const schedulingGates = [{ name: "keruta.dev/recorded" }];
    const second = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: `${pod}-second`, labels: Object.fromEntries(ofAttempt) },
      spec: { schedulingGates, containers: [container] },
    };
    await cluster.kubectl("create", "-f", await cluster.file(`${pod}.json`, JSON.stringify(second)));
    await cluster.kubectl("delete", "pod", pod, "--grace-period=1", "--wait=true");
    const run = await cluster.run(["attach", id]);
    expect([run.code, run.lastWord]).toEqual([125, expect.stringContaining("PodLost")]);
    const gate = ["-o", "jsonpath={.spec.schedulingGates[*].name}"];
    expect(await cluster.kubectl("get", "pod", second.metadata.name, ...gate)).toBe("keruta.dev/recorded");
    await cluster.kubectl("delete", "pod", second.metadata.name);
  });

  test.concurrent("under its driver", async () => {
    const { ended, ...submitted } = await submit(cluster, long);
    const id = await submitted.id();
    const pod = await podOf(cluster, id);
    await cluster.kubectl("wait", "--for=jsonpath={.status.phase}=Running", `pod/${pod}`, "--timeout=60s");
    await cluster.kubectl("delete", "job", `keruta-${id}-1`, "--cascade=foreground", "--wait=false");
    const run = await ended;
    expect([run.code, run.lastWord]).toEqual([125, expect.stringContaining("PodLost")]);
    await eventually(async () => (await namesOf(cluster, "jobs", id)).length === 0 || undefined);
    await expectLost(cluster, id);
  });

  test.concurrent("and where a further attempt is allowed, that is another Job", async () => {
    const twice = {
      command: ["sh", "-c", "echo $KERUTA_ATTEMPT; test $KERUTA_ATTEMPT = 2 || exec sleep 60"],
      retry: { attempts: 2, backoff: "100ms" },
    };
    const crashed = await submit(cluster, twice, crashingAt("recorded"));
    await crashed.ended;
    const id = await crashed.id();
    await cluster.kubectl("delete", "job", `keruta-${id}-1`, "--grace-period=1", "--wait=true");
    const run = await cluster.run(["attach", id]);
    expect([run.code, run.lastWord]).toEqual([0, expect.stringContaining("COMPLETED")]);
    const { attempts } = await show(cluster, id);
    expect(attempts.map(({ reason }) => reason)).toEqual(["PodLost", "Completed"]);
    expect(await namesOf(cluster, "jobs", id)).toEqual([`keruta-${id}-2`]);
  });
});
