import { KerutaError } from "@keruta/shared/domain";
import { expect, test } from "vitest";
import type { Job, Pod } from "../../cluster/objects.ts";
import { isReallyGone } from "./is-really-gone.ts";

const labels = { "keruta.dev/queue": "q", "keruta.dev/task-id": "t", "keruta.dev/attempt": "1" };
const ofAttempt = "keruta.dev/queue=q,keruta.dev/task-id=t,keruta.dev/attempt=1";
const job: Job = { metadata: { name: "j", uid: "1", labels } };
const finished: Job = { ...job, status: { conditions: [{ type: "Failed", status: "True" }] } };
const other: Job = { metadata: { ...job.metadata, uid: "2" } };
const pod: Pod = { metadata: { name: "p", uid: "p" } };
const away = new KerutaError("KRT_CLUSTER_UNREACHABLE", { en: "away", ja: "away" });

test.each<readonly [string, Job | Error | undefined, readonly Pod[], boolean]>([
  ["a Job that is there", job, [], false],
  ["a Job that is not there, without a Pod", undefined, [], true],
  ["a Job that is not there, whose Pod is", undefined, [pod], false],
  ["another Job of its name", other, [], true],
  ["a Job that has ended, without a Pod", finished, [], true],
  ["a Job that has ended, with its Pod", finished, [pod], false],
  ["a cluster that does not answer", away, [], false],
])("%s", async (_, answer, pods, expected) => {
  const asked: string[] = [];
  const cluster = {
    getJob: () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)),
    getPod: () => Promise.reject(new Error("no name is stored")),
    listPods: ({ labelSelector = "" }) => {
      asked.push(labelSelector);
      return Promise.resolve(pods);
    },
  };
  expect(await isReallyGone({ cluster }, job, null)).toBe(expected);
  expect(asked.every((selector) => selector === ofAttempt)).toBe(true);
});

test.each<readonly [string, Pod | Error | undefined, boolean]>([
  ["is there", pod, false],
  ["is not there, whatever else the Job has", undefined, true],
  ["cannot be asked for", away, false],
])("a Pod whose name is stored %s", async (_, answer, expected) => {
  const cluster = {
    getPod: () => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)),
    getJob: () => Promise.resolve(job),
    listPods: () => Promise.resolve([{ metadata: { name: "other", uid: "o" } }]),
  };
  expect(await isReallyGone({ cluster }, job, "p")).toBe(expected);
});
