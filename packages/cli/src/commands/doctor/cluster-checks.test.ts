import { describe, expect, it } from "vitest";
import type { Access, Cluster } from "@keruta/runner/cluster";
import { effectiveSettings, KerutaError } from "@keruta/shared/domain";
import { clusterChecks } from "./cluster-checks.ts";
import { rights } from "./rights.ts";

interface Given {
  readonly version?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly allows?: (access: Access) => boolean;
  readonly namespace?: "there" | "missing" | "forbidden";
  readonly refusal?: string;
  readonly away?: boolean;
  /** Names that do not resolve. */
  readonly unknown?: readonly string[];
}

const no = (
  code: "KRT_CLUSTER_UNREACHABLE" | "KRT_CLUSTER_FORBIDDEN" | "KRT_CLUSTER_REFUSED",
  text: string,
) => new KerutaError(code, { en: text, ja: text }, { hint: { en: "do this", ja: "対処" } });

/** A cluster that answers what the doctor asks, and refuses all else. */
function clusterWith(given: Given): { cluster: Cluster; created: () => readonly boolean[] } {
  const { version = "v1.35.4", labels = {}, allows = () => true, namespace = "there" } = given;
  const dryRuns: boolean[] = [];
  const answers: Partial<Cluster> = {
    server: "https://c.example",
    contextName: "blue",
    namespace: "builds",
    version: async () => {
      if (given.away) throw no("KRT_CLUSTER_UNREACHABLE", "no answer");
      return version;
    },
    getNamespace: async () => {
      if (namespace === "forbidden") throw no("KRT_CLUSTER_FORBIDDEN", "may not");
      return namespace === "missing" ? undefined : { metadata: { name: "builds", uid: "u", labels } };
    },
    review: async (access) => ({ allowed: allows(access), reason: "" }),
    createJob: async (_, options) => {
      dryRuns.push(options?.dryRun === true);
      if (given.refusal !== undefined) throw no("KRT_CLUSTER_REFUSED", given.refusal);
      return { outcome: "created", job: { metadata: { name: "x", uid: "y" } } };
    },
  };
  const cluster = new Proxy(answers as Cluster, {
    get(target, name) {
      if (!(name in target)) throw new Error(`the doctor asked for ${String(name)}`);
      return Reflect.get(target, name) as unknown;
    },
  });
  return { cluster, created: () => dryRuns };
}

async function check(given: Given, stored: Readonly<Record<string, string>> = {}) {
  const { cluster, created } = clusterWith(given);
  const lookUp = async (host: string) => (given.unknown?.includes(host) ? "ENOTFOUND" : null);
  const database = { "keruta.kubernetes.default-namespace": "builds", ...stored };
  const settings = effectiveSettings({ database });
  const checks = await clusterChecks({ cluster, settings, version: "1.2.3", now: 0, lookUp });
  const statusOf = Object.fromEntries(checks.map(({ name, status }) => [name, status]));
  const notOk = checks.filter(({ status }) => status !== "ok");
  return { checks, statusOf, notOk, created: created() };
}

describe("the doctor on a cluster", () => {
  it("is content with one that gives all, and creates nothing in it", async () => {
    const { checks, notOk, created } = await check({});
    expect(notOk).toEqual([]);
    expect(checks).toHaveLength(rights.length + 5);
    expect(created).toEqual([true]);
  });

  it.each<[Readonly<Record<string, string>>, readonly string[]]>([
    [{}, []],
    [{ "keruta.agent.api-url": "http://x", "keruta.agent.token-secret": "all" }, []],
    [{ "keruta.agent.api-url": "http://x" }, ["create", "patch", "delete"]],
  ])("with %j it goes without writing Secrets but for %j", async (stored, verbs) => {
    const { notOk } = await check({ allows: ({ resource }) => resource !== "secrets" }, stored);
    const warnings = verbs.map((verb) => ({ name: `right:${verb}:secrets`, status: "warning" }));
    expect(notOk).toMatchObject(warnings);
  });

  it("asks nothing more of one that does not answer", async () => {
    const { checks } = await check({ away: true });
    expect(checks).toMatchObject([
      { name: "server", status: "failed", remedy: { en: "do this" } },
      { name: "dns:server", status: "ok" },
    ]);
  });

  it("tells a name that does not resolve from a server that does not answer", async () => {
    const { checks } = await check({ away: true, unknown: ["c.example"] });
    expect(checks).toMatchObject([
      { name: "server", status: "failed" },
      {
        name: "dns:server",
        status: "failed",
        message: { en: "c.example does not resolve from here (ENOTFOUND)" },
        remedy: { en: expect.stringContaining("/etc/resolv.conf") },
      },
    ]);
  });

  it("is content with a name that only the proxy on the way resolves", async () => {
    const { checks, notOk } = await check({ unknown: ["c.example"] });
    expect(notOk).toEqual([]);
    expect(checks[1]?.message.en).toContain("through a proxy");
  });

  it.each([
    ["https://keruta.example", "ok"],
    ["https://gone.example:8443/x", "warning"],
    ["http://10.0.0.1:8080", undefined],
    ["http://[fd00::1]:8080", undefined],
    ["http://keruta-api:8080", undefined],
    ["http://keruta-api.builds:8080", undefined],
    ["http://keruta-api.builds.svc:8080", undefined],
    ["http://keruta-api.builds.svc.cluster.local", undefined],
  ])(
    "of %s, as Pods call the server, it looks the name up where this machine can: %s",
    async (url, status) => {
      const unknown = ["gone.example", "keruta-api", "keruta-api.builds", "keruta-api.builds.svc"];
      const { statusOf } = await check({ unknown }, { "keruta.agent.api-url": url });
      expect(statusOf["dns:agent.api-url"]).toBe(status);
    },
  );

  it.each([
    ["v1.28.9", "failed"],
    ["v1.29.0-eks-1", "ok"],
    ["v1.35.4", "ok"],
    ["v2.0.0", "ok"],
  ])("judges version %s: %s", async (version, status) => {
    const { checks } = await check({ version });
    expect(checks[0]).toMatchObject({ name: "server", status });
  });

  it("names each right that is missing, with the rule to add", async () => {
    const { notOk } = await check({ allows: ({ subresource }) => subresource !== "log" });
    expect(notOk).toMatchObject([{ name: "right:get:pods/log", status: "failed" }]);
    expect(notOk[0]?.remedy?.en).toContain('apiGroups: [""], resources: ["pods/log"], verbs: ["get"]');
  });

  it("only warns of what keruta can do without, and says what goes without it", async () => {
    const { notOk } = await check({ allows: ({ subresource }) => subresource !== "exec" });
    expect(notOk).toMatchObject([
      { name: "right:get:pods/exec", status: "warning" },
      { name: "right:create:pods/exec", status: "warning" },
    ]);
    expect(notOk[1]?.remedy?.en).toContain("no artifacts are collected");
  });

  it("asks for a server where Pods are to upload their artifacts", async () => {
    const transport = { "keruta.artifacts.transport": "api" };
    const { notOk } = await check({}, transport);
    expect(notOk).toMatchObject([{ name: "artifacts", status: "failed" }]);
    expect(notOk[0]?.remedy?.en).toContain("keruta settings set agent.api-url");
    const { statusOf } = await check({}, { ...transport, "keruta.agent.api-url": "http://keruta-api:8080" });
    expect(statusOf["artifacts"]).toBe("ok");
  });

  it("sends no Job where none may be created", async () => {
    const { statusOf, created } = await check({ allows: ({ verb }) => verb !== "create" });
    expect(statusOf["right:create:jobs"]).toBe("failed");
    expect(created).toEqual([]);
  });

  it("only warns where the namespace must not be read", async () => {
    const { notOk, created } = await check({
      namespace: "forbidden",
      allows: ({ resource }) => resource !== "namespaces",
    });
    expect(notOk).toMatchObject([
      { name: "namespace", status: "warning" },
      { name: "right:get:namespaces", status: "warning" },
    ]);
    expect(created).toEqual([true]);
  });

  it("says how to make a namespace that is missing", async () => {
    const { statusOf, checks, created } = await check({ namespace: "missing" });
    expect(statusOf["namespace"]).toBe("failed");
    const namespace = checks.find(({ name }) => name === "namespace");
    expect(namespace?.remedy?.en).toContain("kubectl create namespace builds");
    expect(created).toEqual([]);
  });

  it.each([
    ["restricted", "warning"],
    ["baseline", "ok"],
    ["privileged", "ok"],
  ])("holds the default profile against Pod Security %s: %s", async (level, status) => {
    const { statusOf } = await check({ labels: { "pod-security.kubernetes.io/enforce": level } });
    expect(statusOf["pod-security"]).toBe(status);
  });

  it("gives the cluster's own words where it refuses a Job", async () => {
    const { notOk } = await check({ refusal: "admission webhook says no" });
    expect(notOk).toMatchObject([
      { name: "job", status: "failed", message: { en: "admission webhook says no" } },
    ]);
  });
});
