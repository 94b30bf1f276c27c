import { expect, test } from "vitest";
import { claimOfKey, concurrencyKeysOf } from "./concurrency.ts";
import type { Volume } from "./spec.ts";

const mounted = (pvc: Volume["pvc"], more: Partial<Volume> = {}): Volume => ({
  name: "data",
  mountPath: "/data",
  ...(pvc && { pvc }),
  ...more,
});

test("a task with neither key nor claim needs nothing", () => {
  expect(concurrencyKeysOf({ concurrency: { key: "", limit: 3 } })).toEqual([]);
});

test("the user's key comes with its limit, 1 by default", () => {
  expect(concurrencyKeysOf({ concurrency: { key: "deploy", limit: 3 } })).toEqual([
    { key: "deploy", limit: 3 },
  ]);
  expect(concurrencyKeysOf({ concurrency: { key: "deploy" } })).toEqual([{ key: "deploy", limit: 1 }]);
});

test("a written claim has one writer, however often it is mounted", () => {
  const volumes = [mounted({ claim: "cache" }), mounted({ claim: "cache" }, { name: "b", mountPath: "/b" })];
  expect(concurrencyKeysOf({ volumes })).toEqual([{ key: "pvc:{cluster}/{namespace}/cache", limit: 1 }]);
});

test("the task's own namespace tells claims of one name apart", () => {
  const spec = { namespace: "other", volumes: [mounted({ claim: "cache" })] };
  expect(concurrencyKeysOf(spec)).toEqual([{ key: "pvc:{cluster}/other/cache", limit: 1 }]);
});

test.each([
  ["many writers", mounted({ claim: "cache", accessMode: "ReadWriteMany" })],
  ["only readers", mounted({ claim: "cache", accessMode: "ReadOnlyMany" })],
  ["a mount that only reads", mounted({ claim: "cache" }, { readOnly: true })],
  ["a claim of the task's own", mounted({ size: "1Gi" })],
  ["no claim at all", mounted(undefined, { emptyDir: {} })],
])("%s: no key", (_, volume) => {
  expect(concurrencyKeysOf({ volumes: [volume] })).toEqual([]);
});

test("a claim's key tells its claim and namespace, a user's key nothing", () => {
  expect(claimOfKey("pvc:{cluster}/{namespace}/cache")).toEqual({ namespace: "", claim: "cache" });
  expect(claimOfKey("pvc:c1/other/cache")).toEqual({ namespace: "other", claim: "cache" });
  expect(claimOfKey("deploy")).toBeUndefined();
});
