import { expect, test } from "vitest";
import type { TaskSpec } from "../task/spec.ts";
import { ownObjectsOf, refuseOwnObjects } from "./own-objects.ts";

test.each<[string, TaskSpec, readonly string[]]>([
  ["nothing of keruta's", { image: "keruta-x", namespace: "keruta", serviceAccount: "keruta-ci" }, []],
  ["names that only have it inside", { imagePullSecrets: ["my-keruta-secret", "keruta"] }, []],
  [
    "a Secret in a variable",
    { secretEnv: { A: { secret: "keruta-admin-token", key: "token" }, B: { secret: "ok", key: "k" } } },
    ["spec.secretEnv.A"],
  ],
  [
    "a Secret as a volume",
    { volumes: [{ name: "a", mountPath: "/a", secret: { secretName: "keruta-database" } }] },
    ["spec.volumes[0].secret"],
  ],
  [
    "a Secret in a projected volume",
    {
      volumes: [
        {
          name: "a",
          mountPath: "/a",
          projected: { sources: [{ configMap: { name: "keruta-x" } }, { secret: { name: "keruta-x" } }] },
        },
      ],
    },
    ["spec.volumes[0].projected"],
  ],
  ["the repository's Secret", { repository: { url: "u", secret: "keruta-x" } }, ["spec.repository.secret"]],
  ["a Secret to pull with", { imagePullSecrets: ["a", "keruta-x"] }, ["spec.imagePullSecrets[1]"]],
  ["the ServiceAccount of server and workers", { serviceAccount: "keruta" }, ["spec.serviceAccount"]],
  [
    "the volume of server and workers",
    {
      volumes: [
        { name: "a", mountPath: "/a", pvc: { claim: "cache" } },
        { name: "b", mountPath: "/b", pvc: { claim: "keruta-data" } },
      ],
    },
    ["spec.volumes[1].pvc.claim"],
  ],
])("%s", (_, spec, paths) => {
  expect(ownObjectsOf(spec).map(({ path }) => path)).toEqual(paths);
});

test("the refusal names what and why", () => {
  const check = () => {
    refuseOwnObjects({ serviceAccount: "keruta", imagePullSecrets: ["keruta-x"] });
  };
  expect(check).toThrow(expect.objectContaining({ code: "KRT_POLICY_REFUSED" }));
  expect(check).toThrow(/keruta's own[^]*imagePullSecrets\[0\]: keruta-x[^]*serviceAccount: keruta/);
});
