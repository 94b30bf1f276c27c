import { describe, expect, test } from "vitest";
import { isKerutaError, parseBytes, parseQuantity, type TaskSpec } from "@keruta/shared/domain";
import fc from "fast-check";
import { planClaims } from "./claims.ts";
import { jobFacts, planJob } from "./job.ts";
import { aPlan } from "./plan.fixture.ts";

const image = "example/docs:1";
const command = ["true"];

function podOf(spec: TaskSpec, settings: Readonly<Record<string, string>> = {}) {
  const { spec: pod } = planJob(aPlan(spec, settings)).spec.template;
  const [sidecar, clone] = pod.initContainers;
  const [main] = pod.containers;
  if (!main || !sidecar) throw new Error("no container");
  return { pod, sidecar, clone, main };
}

describe("what is refused", () => {
  test("a task without an image, when no default is set, in both languages and with the ways on", () => {
    const refused = catchError(() => planJob(aPlan({ command })));
    expect(isKerutaError(refused, "KRT_TASK_INVALID")).toBe(true);
    expect(refused).toMatchObject({
      text: {
        en: expect.stringContaining("keruta.kubernetes.default-image"),
        ja: expect.stringContaining("イメージ"),
      },
      hint: { en: expect.stringContaining("--image"), ja: expect.stringContaining("--image") },
    });
  });

  test("a volume with a name of keruta's own", () => {
    const volumes = [{ name: "keruta-run", mountPath: "/x", emptyDir: {} }];
    expect(() => planJob(aPlan({ image, volumes }))).toThrow("keruta-run");
  });
});

describe("what the kubelet would expand", () => {
  /** As `k8s.io/kubernetes/third_party/forked/golang/expansion` does it. */
  const kubeletExpand = (text: string): string =>
    text.replace(/\$\$|\$\(([^)]*)\)/g, (whole, name: string | undefined) =>
      whole === "$$" ? "$" : name === undefined ? whole : "SECRET",
    );
  const dollars = fc.array(fc.constantFrom("$", "(", ")", "TOKEN", "a", "\n"), { maxLength: 12 });

  test("reaches command, arguments and variables as it was written", () => {
    fc.assert(
      fc.property(dollars, (words) => {
        const text = words.join("");
        const { main, sidecar } = podOf({
          image,
          command: ["run", text],
          env: { A: text },
          artifacts: { paths: [`a${text}`] },
        });
        expect(main.command?.map(kubeletExpand).at(-1)).toBe(text);
        const variable = main.env?.find(({ name }) => name === "A");
        expect(variable && "value" in variable && kubeletExpand(variable.value)).toBe(text);
        expect(sidecar.command?.map(kubeletExpand)).toContain(`a${text}`);
      }),
    );
  });

  test("cannot put a secret into a description", () => {
    const { main } = podOf({
      image,
      command,
      secretEnv: { TOKEN: { secret: "s", key: "k" } },
      env: { D: "$(TOKEN)" },
    });
    expect(main.env).toContainEqual({ name: "D", value: "$$(TOKEN)" });
    expect(main.command?.join(" ")).toContain("--mask-env TOKEN");
  });
});

describe("which agent runs the command", () => {
  test.each<readonly [string, TaskSpec, boolean]>([
    ["a command", { command }, true],
    ["a script", { script: "true" }, true],
    ["nothing: the image's own entrypoint", {}, false],
    ["arguments to the image's own entrypoint", { args: ["--help"] }, false],
    ["a command with agent none", { command, agent: "none" }, false],
    ["an agent in the image", { agent: "image" }, true],
  ])("%s", (_name, spec, wrapped) => {
    const { main } = podOf({ image, ...spec });
    expect(jobFacts(aPlan({ image, ...spec })).wrapped).toBe(wrapped);
    expect(main.command?.some((word) => word.endsWith("keruta-agent")) ?? false).toBe(wrapped);
  });
});

describe("amounts", () => {
  test("the agent's share comes on top of what the task names, and of nothing else", () => {
    const { main } = podOf({
      image,
      command,
      resources: {
        requests: { cpu: "0.5", memory: "1.5Gi", "example.com/gpu": "1" },
        limits: { memory: "2Gi" },
      },
    });
    expect(main.resources).toEqual({
      requests: { cpu: "510m", memory: "1600Mi", "example.com/gpu": "1" },
      limits: { memory: "2112Mi" },
    });
    expect(podOf({ image, command }).main.resources).toBeUndefined();
  });

  test("a request is never more than its limit, however both are written", () => {
    const cpu = fc.oneof(
      fc.integer({ min: 1, max: 64_000 }).map((n) => `${String(n)}m`),
      fc.integer({ min: 1, max: 64_000 }).map((n) => String(n / 1000)),
    );
    fc.assert(
      fc.property(cpu, cpu, (a, b) => {
        const [low = a, high = b] = [a, b].toSorted(
          (x, y) => (parseQuantity(x) ?? 0) - (parseQuantity(y) ?? 0),
        );
        const { main } = podOf({
          image,
          command,
          resources: { requests: { cpu: low }, limits: { cpu: high } },
        });
        const { requests = {}, limits = {} } = main.resources ?? {};
        expect(parseQuantity(requests["cpu"] ?? "")).toBeLessThanOrEqual(
          parseQuantity(limits["cpu"] ?? "") ?? 0,
        );
        expect(parseQuantity(requests["cpu"] ?? "")).toBeCloseTo((parseQuantity(low) ?? 0) + 0.01, 2);
      }),
    );
  });

  test("git has room in a task with a small limit", () => {
    const resources = { requests: { memory: "16Mi" }, limits: { memory: "16Mi", "example.com/gpu": "1" } };
    const { clone } = podOf({ image, command, resources, repository: { url: "https://example.com/r.git" } });
    expect(clone?.resources).toEqual({ requests: { memory: "16Mi" }, limits: { memory: "512Mi" } });
    expect(parseBytes("512Mi")).toBe(512 * 1024 ** 2);
  });
});

describe("users", () => {
  const repository = { url: "https://example.com/r.git", secret: "git" };

  test("restricted gives all containers one user that is not root, unless the task gives another", () => {
    const { pod, sidecar, main } = podOf({ image, command, securityProfile: "restricted" });
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 65532,
      runAsGroup: 65532,
      fsGroup: 65532,
    });
    expect(main.securityContext.capabilities).toEqual({ drop: ["ALL"] });
    expect(sidecar.securityContext).not.toHaveProperty("runAsUser");
    const own = podOf({ image, command, securityProfile: "restricted", runAsUser: 7, fsGroup: 8 });
    expect(own.pod.securityContext).toMatchObject({ runAsUser: 7, runAsGroup: 65532, fsGroup: 8 });
  });

  test("baseline leaves the image its user, and shares a clone by group", () => {
    expect(podOf({ image, command }).pod.securityContext).toEqual({
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(podOf({ image, command, repository }).pod.securityContext).toMatchObject({ fsGroup: 65532 });
  });

  test("a Secret's volume is in no container but the one that needs it", () => {
    const volumes = [{ name: "cert", secret: { secretName: "cert" }, mountPath: "/cert" }];
    const { sidecar, clone, main } = podOf({ image, command, repository, volumes });
    const names = (mounts: typeof main.volumeMounts) => mounts.map(({ name }) => name);
    expect(names(sidecar.volumeMounts)).not.toContain("cert");
    expect(names(clone?.volumeMounts ?? [])).not.toContain("cert");
    expect(names(main.volumeMounts)).not.toContain("keruta-git-secret");
  });
});

test("a task's own git configuration is carried on, not replaced", () => {
  const env = { GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "user.name", GIT_CONFIG_VALUE_0: "me" };
  const { main } = podOf({ image, command, env, repository: { url: "https://example.com/r.git" } });
  const values = Object.fromEntries(
    (main.env ?? []).map((one) => [one.name, "value" in one ? one.value : ""]),
  );
  expect(values).toMatchObject({
    GIT_CONFIG_COUNT: "2",
    GIT_CONFIG_VALUE_0: "me",
    GIT_CONFIG_VALUE_1: "/workspace",
  });
});

test("a claim without a name is the task's own and goes with it; one with a name and a size is made and stays", () => {
  const volumes = [
    { name: "own", pvc: { size: "1Gi" }, mountPath: "/a" },
    { name: "kept", pvc: { size: "1Gi", retain: true }, mountPath: "/b" },
    {
      name: "named",
      pvc: { claim: "cache", size: "2Gi", accessMode: "ReadWriteMany" as const },
      mountPath: "/c",
    },
    { name: "there", pvc: { claim: "old" }, mountPath: "/d" },
  ];
  const claims = planClaims(aPlan({ image, volumes, namespace: "docs" }));
  expect(claims.map(({ manifest, removedAtEnd }) => [manifest.metadata.name, removedAtEnd])).toEqual([
    ["keruta-k7m2xqaf4t-own", true],
    ["keruta-k7m2xqaf4t-kept", false],
    ["cache", false],
  ]);
  expect(claims[2]?.manifest).toMatchObject({
    metadata: { namespace: "docs" },
    spec: { accessModes: ["ReadWriteMany"], resources: { requests: { storage: "2Gi" } } },
  });
});

test("the Pod's deadline lies behind every limit of the attempt, and fits Kubernetes' own at the longest", () => {
  const { pod } = podOf({ image, command, timeout: "30m", pendingTimeout: "10m" });
  expect(pod.activeDeadlineSeconds).toBeGreaterThan(40 * 60 + 300);
  const longest = podOf(
    { image, command, timeout: "3650d", pendingTimeout: "3650d" },
    { "keruta.agent.stop-grace": "1h" },
  );
  expect(longest.pod.activeDeadlineSeconds).toBeLessThan(2 ** 31);
  expect(longest.pod.terminationGracePeriodSeconds).toBe(3660);
  expect(pod.terminationGracePeriodSeconds).toBe(300);
});

test("a title of any characters fits an annotation", () => {
  const job = planJob(aPlan({ image, command }, {}, { title: `${"𝕏".repeat(300)}\uD800` }));
  expect(job.metadata.annotations["keruta.dev/title"]).toBe("𝕏".repeat(200));
});

function catchError(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  return undefined;
}
