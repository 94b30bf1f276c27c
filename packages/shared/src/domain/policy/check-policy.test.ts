import { expect, test } from "vitest";
import { effectiveSettings } from "../settings/effective.ts";
import type { NewTask } from "../task/task.ts";
import { checkForcedRunner, checkPolicy, policyViolations } from "./check-policy.ts";

const task = (spec: NewTask["spec"], priority = 0): NewTask => ({
  title: "t",
  description: "",
  labels: {},
  priority,
  spec,
});
const settings = (policy: Readonly<Record<string, string>>) =>
  effectiveSettings({
    flags: {},
    environment: {},
    kubeconfig: {},
    database: Object.fromEntries(
      Object.entries(policy).map(([name, value]) => [`keruta.policy.${name}`, value]),
    ),
  });

const limits = (memory: string) => ({ resources: { limits: { memory } } });

test.each<[string, Readonly<Record<string, string>>, NewTask["spec"], readonly string[]]>([
  ["nothing is set", {}, { image: "any", runner: "local", ...limits("99Ti") }, []],
  ["an image by its whole name", { images: "a/b:1" }, { image: "a/b:1" }, []],
  ["an image of a registry", { images: "r.example/*,busybox:*" }, { image: "r.example/x/y:1" }, []],
  [
    "an image that only looks like it",
    { images: "r.example/*" },
    { image: "r.example.evil/x" },
    ["spec.image"],
  ],
  ["a pattern with two stars", { images: "r/*/ok:*" }, { image: "r/a/b/ok:1" }, []],
  ["parts that overlap", { images: "ab*ba" }, { image: "aba" }, ["spec.image"]],
  ["the default image is the administrator's own", { images: "a" }, {}, []],
  ["another namespace", { namespaces: "a,b" }, { namespace: "c" }, ["spec.namespace"]],
  ["no namespace is the default one", { namespaces: "a" }, {}, ["spec.namespace"]],
  ["a ServiceAccount", { "service-accounts": "x" }, { serviceAccount: "admin" }, ["spec.serviceAccount"]],
  [
    "secrets wherever they are named",
    { secrets: "ok" },
    {
      secretEnv: { A: { secret: "no", key: "k" }, B: { secret: "ok", key: "k" } },
      repository: { url: "u", secret: "no" },
      imagePullSecrets: ["no"],
      volumes: [
        { name: "a", mountPath: "/a", secret: { secretName: "no" } },
        { name: "b", mountPath: "/b", projected: { sources: [{ secret: { name: "no" } }] } },
      ],
    },
    [
      "spec.secretEnv.A",
      "spec.repository.secret",
      "spec.imagePullSecrets[0]",
      "spec.volumes[0].secret",
      "spec.volumes[1].projected",
    ],
  ],
  ["a runner", { runners: "kubernetes" }, { runner: "local" }, ["spec.runner"]],
  ["memory within", { "max-memory": "1Gi" }, limits("1024Mi"), []],
  ["memory beyond", { "max-memory": "1Gi" }, limits("1025Mi"), ["spec.resources.limits.memory"]],
  ["no limit is no bound", { "max-cpu": "2" }, {}, ["spec.resources.limits.cpu"]],
])("%s", (_, policy, spec, paths) => {
  expect(policyViolations(task(spec), settings(policy)).map(({ path }) => path)).toEqual(paths);
});

test("a refusal names all that is wrong, and which setting says so", () => {
  const check = () => checkPolicy(task({ image: "x" }, 9), settings({ images: "y", "max-priority": "5" }));
  expect(check).toThrow(expect.objectContaining({ code: "KRT_POLICY_REFUSED" }));
  expect(check).toThrow(/spec\.image is "x", which keruta\.policy\.images[^]*priority is "9"/);
});

test("a runner is forced only where the policy allows it", () => {
  const refused = { code: "KRT_POLICY_REFUSED", message: expect.stringContaining("keruta.policy.runners") };
  expect(() => {
    checkForcedRunner("local", settings({ runners: "kubernetes" }));
  }).toThrow(expect.objectContaining(refused));
  checkForcedRunner("local", settings({}));
  checkForcedRunner("kubernetes", settings({ runners: "kubernetes" }));
});
