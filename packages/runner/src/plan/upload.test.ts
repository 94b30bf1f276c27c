import { expect, test } from "vitest";
import { planJob } from "./index.ts";
import type { JobManifest } from "./manifest.ts";
import { aPlan } from "./plan.fixture.ts";

const spec = { image: "x", command: ["true"], artifacts: { paths: ["out"] } };
const api = { "keruta.artifacts.transport": "api", "keruta.agent.api-url": "http://keruta-api:8080" };

const sidecarOf = (job: JobManifest) => {
  const [sidecar] = job.spec.template.spec.initContainers;
  const token = sidecar?.env?.find(({ name }) => name === "KERUTA_API_TOKEN");
  return { command: sidecar?.command ?? [], token };
};

test("the sidecar uploads with the token of its attempt, and the Job says so", () => {
  const job = planJob(aPlan(spec, api));
  const { command, token } = sidecarOf(job);
  expect(command.join(" ")).toContain("--upload-to http://keruta-api:8080 --task-id k7m2xqaf4t --attempt 1");
  const secretKeyRef = { name: "keruta-k7m2xqaf4t-1", key: "token" };
  expect(token).toEqual({ name: "KERUTA_API_TOKEN", valueFrom: { secretKeyRef } });
  expect(job.metadata.annotations).toMatchObject({ "keruta.dev/artifacts-transport": "api" });
});

test.each([
  ["over exec", spec, { ...api, "keruta.artifacts.transport": "exec" }],
  ["without an agent", { ...spec, agent: "none" as const }, api],
])("%s it uploads nothing and has no token", (_, given, settings) => {
  const job = planJob(aPlan(given, settings));
  const { command, token } = sidecarOf(job);
  expect([command.includes("--upload-to"), token]).toEqual([false, undefined]);
  expect(job.metadata.annotations).not.toHaveProperty("keruta.dev/artifacts-transport");
});

test("without a server the setting is refused, with both ways on", () => {
  const plan = () => aPlan(spec, { "keruta.artifacts.transport": "api" });
  expect(plan).toThrow(expect.objectContaining({ code: "KRT_SETTING_INVALID" }));
  expect(plan).toThrow("keruta.agent.api-url is empty");
});
