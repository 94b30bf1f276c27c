import { expect, test } from "vitest";
import type { JobManifest } from "../../cluster/index.ts";
import { failureOf, readAll } from "./access.harness.ts";
import { describeReal } from "./real-cluster.harness.ts";

function jobOf(name: string): JobManifest {
  const container = { name: "main", image: "localhost/keruta-test/busybox:1", command: ["sleep", "60"] };
  const spec = { restartPolicy: "Never", terminationGracePeriodSeconds: 0, containers: [container] };
  return { apiVersion: "batch/v1", kind: "Job", metadata: { name }, spec: { template: { spec } } };
}

describeReal("a cluster", (current) => {
  test("a Job is created once, and patched only under its own uid", async () => {
    const { cluster } = current();
    expect(await cluster.createJob(jobOf("one"), { dryRun: true })).toMatchObject({ outcome: "created" });
    expect(await cluster.getJob("one")).toBeUndefined();
    const created = await cluster.createJob(jobOf("one"));
    expect(await cluster.createJob(jobOf("one"))).toEqual({ outcome: "exists" });
    const uid = created.outcome === "created" ? created.job.metadata.uid : "";
    const patch = { spec: { ttlSecondsAfterFinished: 61 } };
    expect(await cluster.patchJob("one", "another", patch)).toEqual({ outcome: "replaced" });
    expect(await cluster.patchJob("none", uid, patch)).toEqual({ outcome: "gone" });
    expect(await cluster.patchJob("one", uid, patch)).toMatchObject({ outcome: "patched", job: patch });
  });

  test("of a Pod's gates the one that is named is removed, under its own uid, once or more often", async () => {
    const real = current();
    const { cluster } = real;
    const container = { name: "main", image: "localhost/keruta-test/busybox:1", command: ["sleep", "60"] };
    const gates = [{ name: "keruta.dev/recorded" }, { name: "example.org/other" }];
    const path = `/api/v1/namespaces/${cluster.namespace}/pods`;
    const spec = { schedulingGates: gates, containers: [container] };
    await real.create(path, { metadata: { name: "gated" }, spec });
    const uid = (await cluster.getPod("gated"))?.metadata.uid ?? "";
    const remove = (pod: string, of: string) => cluster.removeGate(pod, of, "keruta.dev/recorded");
    expect(await remove("gated", "another")).toBe("replaced");
    expect(await remove("none", uid)).toBe("gone");
    expect(await remove("gated", uid)).toBe("removed");
    expect(await remove("gated", uid)).toBe("removed");
    expect((await cluster.getPod("gated"))?.spec?.schedulingGates).toEqual([{ name: "example.org/other" }]);
    expect(await cluster.deletePod("gated", uid, 0)).toBe("deleted");
  });

  test("a field that the cluster does not know is refused with its name", async () => {
    const { cluster } = current();
    const manifest = { ...jobOf("strict"), spec: { ...jobOf("strict").spec, parallelismm: 1 } };
    const error = await failureOf(cluster.createJob(manifest, { dryRun: true }));
    expect(error).toMatchObject({ code: "KRT_CLUSTER_REFUSED" });
    expect(String(error)).toContain("spec.parallelismm");
  });

  test("a namespace that is not there is told by name", async () => {
    const { cluster } = current();
    const error = await failureOf(cluster.inNamespace("not-there").createJob(jobOf("x")));
    expect(error).toMatchObject({ code: "KRT_NAMESPACE_NOT_FOUND" });
    expect(await failureOf(cluster.inNamespace("not-there").identity())).toMatchObject({
      code: "KRT_NAMESPACE_NOT_FOUND",
    });
  });

  test("the identity is the namespace's uid, or a digest for who may not read it", async () => {
    const real = current();
    expect(await real.cluster.identity()).toMatch(/^[0-9a-f-]{36}$/);
    const guest = await real.as("identity", []);
    expect(await guest.identity()).toMatch(/^sha256:[0-9a-f]{64}$/);
  });

  test("a review tells what one may do, and the refusal agrees", async () => {
    const real = current();
    const guest = await real.as("reviewed", [{ apiGroups: ["batch"], resources: ["jobs"], verbs: ["get"] }]);
    expect(await guest.review({ verb: "get", group: "batch", resource: "jobs" })).toMatchObject({
      allowed: true,
    });
    expect(await guest.review({ verb: "create", group: "batch", resource: "jobs" })).toMatchObject({
      allowed: false,
    });
    expect(await guest.getJob("none")).toBeUndefined();
    expect(await failureOf(guest.createJob(jobOf("x")))).toMatchObject({ code: "KRT_CLUSTER_FORBIDDEN" });
  });

  test("a log is read from its start, with stamps, and since a time", async () => {
    const { cluster } = current();
    const read = async (options: object) =>
      readAll(cluster.readLog({ pod: "counter", container: "main", ...options }));
    const lines = "line 0\nline 1\nline 2\nline 3\nline 4\n";
    expect(await read({})).toBe(lines);
    expect(await read({ follow: true })).toBe(lines);
    expect(await read({ limitBytes: 10 })).toBe(lines.slice(0, 10));
    expect((await read({ timestamps: true })).split("\n")[0]).toMatch(/^\d{4}-\d\d-\d\dT\S+ line 0$/);
    expect(await read({ sinceTime: "2099-01-01T00:00:00Z" })).toBe("");
  });

  test("following ends with the container, or with the signal", async () => {
    const { cluster } = current();
    const end = new AbortController();
    const silent = cluster.readLog({ pod: "quiet", container: "main", follow: true }, end.signal);
    const reading = failureOf(readAll(silent));
    setTimeout(() => end.abort(new Error("enough")), 300);
    expect(await reading).toMatchObject({ message: "enough" });
    const missing = readAll(cluster.readLog({ pod: "nobody", container: "main" }));
    expect(await failureOf(missing)).toMatchObject({ details: { status: 404 } });
  });

  test("a Pod is deleted under its own uid, and the watch says so", async () => {
    const real = current();
    const { cluster } = real;
    const path = `/api/v1/namespaces/${cluster.namespace}/pods`;
    const container = { name: "main", image: "localhost/keruta-test/busybox:1", command: ["sleep", "60"] };
    await real.create(path, { metadata: { name: "doomed" }, spec: { containers: [container] } });
    const end = new AbortController();
    const said: string[] = [];
    for await (const change of cluster.watch("pods", { fieldSelector: "metadata.name=doomed" }, end.signal)) {
      said.push(change.type);
      if (change.type === "snapshot") {
        const uid = change.items[0]?.metadata.uid ?? "";
        said.push(await cluster.deletePod("doomed", "another", 0));
        said.push(await cluster.deletePod("doomed", uid, 0));
      }
      if (change.type === "deleted") end.abort();
    }
    expect(said.slice(0, 3)).toEqual(["snapshot", "replaced", "deleted"]);
    expect(await cluster.getPod("doomed")).toBeUndefined();
  });

  test("requests are counted", async () => {
    const { cluster } = current();
    const before = cluster.requests.get("get job") ?? 0;
    await cluster.getJob("none");
    await cluster.inNamespace("default").getJob("none");
    expect(cluster.requests.get("get job")).toBe(before + 2);
  });
});
