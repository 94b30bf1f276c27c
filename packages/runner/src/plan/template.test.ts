import { describe, expect, test } from "vitest";
import { isKerutaError } from "@keruta/shared/domain";
import { planJob } from "./job.ts";
import { aPlan } from "./plan.fixture.ts";
import { parseTemplate } from "./template.ts";

const pod = (text: string) => `spec: { template: { spec: ${text} } }`;
const planWith = (template: string) =>
  planJob(aPlan({ image: "example/docs:1", command: ["true"] }, { "keruta.job.template": template }));

describe("a template may not set", () => {
  test.each([
    ["spec: { backoffLimit: 3 }", "spec.backoffLimit"],
    ["spec: { parallelism: 2 }", "spec.parallelism"],
    ["spec: { completions: 2 }", "spec.completions"],
    ["spec: { podFailurePolicy: { rules: [] } }", "spec.podFailurePolicy"],
    ["spec: { podReplacementPolicy: Failed }", "spec.podReplacementPolicy"],
    ["spec: { suspend: true }", "spec.suspend"],
    ["spec: { selector: {} }", "spec.selector"],
    ["spec: { activeDeadlineSeconds: 5 }", "spec.activeDeadlineSeconds"],
    [pod("{ restartPolicy: OnFailure }"), "spec.template.spec.restartPolicy"],
    [pod("{ activeDeadlineSeconds: 5 }"), "spec.template.spec.activeDeadlineSeconds"],
    [pod("{ containers: [{ name: main, image: other }] }"), "spec.template.spec.containers[0].image"],
    [pod("{ containers: [{ name: main, command: [sh] }] }"), "spec.template.spec.containers[0].command"],
    [pod("{ containers: [{ name: main, args: [] }] }"), "spec.template.spec.containers[0].args"],
    [
      pod("{ initContainers: [{ name: keruta, lifecycle: {} }] }"),
      "spec.template.spec.initContainers[0].lifecycle",
    ],
    [
      pod("{ initContainers: [{ name: git-clone, image: x }] }"),
      "spec.template.spec.initContainers[0].image",
    ],
    [pod("{ containers: [{ name: other, image: x }] }"), "spec.template.spec.containers[0]"],
    [pod("{ containers: [{ image: x }] }"), "spec.template.spec.containers[0]"],
    [pod("{ containers: { main: {} } }"), "spec.template.spec.containers"],
    ["metadata: { labels: { keruta.dev/queue: x } }", "metadata.labels[keruta.dev/queue]"],
    ["kind: CronJob", "kind"],
    ["- a", ""],
    ["a: [", ""],
  ])("%s", (template, path) => {
    let refused: unknown;
    try {
      parseTemplate(template);
    } catch (error) {
      refused = error;
    }
    expect(isKerutaError(refused, "KRT_SETTING_INVALID")).toBe(true);
    expect(refused).toMatchObject({
      details: { path },
      text: { en: expect.stringContaining(path), ja: expect.stringContaining(path) },
    });
  });
});

test("another kind of thing than keruta has at a path is refused by that path", () => {
  expect(() => planWith(pod("{ volumes: x }"))).toThrow("spec.template.spec.volumes is not a list");
  expect(() => planWith(pod("{ securityContext: [a] }"))).toThrow("spec.template.spec.securityContext");
  expect(() => planWith(pod("{ volumes: [x] }"))).toThrow("spec.template.spec.volumes[0] is not a mapping");
});

test("an empty template, or one of null values, changes nothing", () => {
  const plain = planWith("");
  expect(planWith("spec: { template: { spec: { containers: null, volumes: null } } }")).toEqual(plain);
  expect(planWith("# nothing\n{}")).toEqual(plain);
});

test("a template adds to lists by name, and what keruta or the task says stands", () => {
  const job = planWith(
    pod(`{
      enableServiceLinks: null, securityContext: { seccompProfile: { type: Unconfined }, supplementalGroups: [9] },
      containers: [{ name: main, resources: { limits: { memory: 1Gi } }, env: [{ name: KERUTA_TASK_ID, value: x }, { name: A, value: b }] }],
      volumes: [{ name: keruta-run, hostPath: { path: / } }, { name: extra, emptyDir: {} }] }`),
  );
  const { spec } = job.spec.template;
  expect(spec.securityContext).toEqual({
    seccompProfile: { type: "RuntimeDefault" },
    supplementalGroups: [9],
  });
  expect(spec.enableServiceLinks).toBe(false);
  expect(spec.volumes).toContainEqual({ name: "keruta-run", emptyDir: {} });
  expect(spec.volumes).toContainEqual({ name: "extra", emptyDir: {} });
  const [main] = spec.containers;
  expect(main?.env).toContainEqual({ name: "KERUTA_TASK_ID", value: "k7m2xqaf4t" });
  expect(main?.env).toContainEqual({ name: "A", value: "b" });
  expect(main?.resources).toEqual({ limits: { memory: "1Gi" } });
});

test("the sidecar stays first, and what a template takes from a Secret is masked", () => {
  const secret = "{ name: T, valueFrom: { secretKeyRef: { name: s, key: k } } }";
  const job = planWith(
    pod(`{ initContainers: [{ name: first, image: x }], containers: [{ name: main, env: [${secret}] }] }`),
  );
  const { initContainers, containers } = job.spec.template.spec;
  expect(initContainers.map(({ name }) => name)).toEqual(["keruta", "first"]);
  expect(containers[0]?.command?.join(" ")).toContain("--mask-env T");
});
