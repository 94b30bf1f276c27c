import { createByteBuffer } from "../../domain/bytes/byte-buffer.ts";
import type { Event } from "../../domain/event.ts";
import { isKerutaError } from "../../domain/error.ts";
import type { LogEntry } from "../../domain/log/entry.ts";
import { addFrame } from "../../domain/log/frame.ts";
import type { LabelRequirement } from "../../domain/selector.ts";
import { apiVersion, type NewTask, type Task } from "../../domain/task/task.ts";
import { taskNotFound } from "../../domain/task/task-not-found.ts";
import type { TaskJson, TaskListJson } from "../../domain/task/task-json.ts";
import type * as q from "../../queue/index.ts";
import {
  claimId,
  framesType,
  leaseHeader,
  type ClaimAnswer,
  type ClaimBody,
  type ClaimJson,
  type NewTaskJson,
  type QueueJson,
} from "../wire.ts";
import { watchChanges } from "./changes.ts";
import { createHttp, type Http, type HttpOptions } from "./http.ts";
import { readLog } from "./read-log.ts";

/** The queue of a server. Who acts is who the token belongs to, whatever name a call gives. */
export async function openApiQueue(options: HttpOptions): Promise<q.Queue> {
  const http = createHttp(options);
  const { uid } = await http.json<QueueJson>({ path: "/queue" });
  return createApiQueue(http, uid);
}

function createApiQueue(http: Http, uid: string): q.Queue {
  const closing = new AbortController();
  const task = (reference: string, rest = "") => `/tasks/${encodeURIComponent(reference)}${rest}`;
  const ofLease = ({ taskId, attempt, token }: q.Lease, rest = "") => ({
    path: `/claims/${encodeURIComponent(claimId(taskId, attempt))}${rest}`,
    headers: { [leaseHeader]: token },
  });
  const postClaim = (json: ClaimBody) => http.json<ClaimAnswer>({ method: "POST", path: "/claims", json });

  return {
    uid,
    name: http.url,
    close() {
      closing.abort();
      return Promise.resolve();
    },

    async addTask({ claim: terms, requestId, ...written }) {
      const add = { ...newTaskJson(written), ...(requestId !== undefined && { requestId }) };
      if (terms) {
        const { task: added, created = true, claim } = await postClaim({ terms, add });
        if (!added) throw new Error("the server added a task and did not tell which");
        return { task: taskOf(added), created, claim: claim && claimOf(claim) };
      }
      const { status, body } = await http.answer<TaskJson>({ method: "POST", path: "/tasks", json: add });
      return { task: taskOf(body), created: status === 201, claim: null };
    },
    async getTask(id) {
      try {
        return taskOf(await http.json<TaskJson>({ path: task(id), query: { exact: true } }));
      } catch (error) {
        if (isKerutaError(error, "KRT_TASK_NOT_FOUND")) return undefined;
        throw error;
      }
    },
    async resolveTaskId(reference) {
      // An empty part of a path names another one.
      if (reference === "") throw taskNotFound(reference);
      return (await http.json<TaskJson>({ path: task(reference) })).id;
    },
    async listTasks(filter) {
      const { statuses, labels = [], search, order, limit, cursor } = filter;
      const counted = filter.counted === true ? "true" : undefined;
      const query = { status: statuses, label: labels.map(labelText), search, order, limit, cursor, counted };
      const { items, nextCursor, total } = await http.json<TaskListJson>({ path: "/tasks", query });
      return { items: items.map(taskOf), nextCursor, ...(total !== undefined && { total }) };
    },
    updateTask: async (id, change) =>
      taskOf(await http.json<TaskJson>({ method: "PATCH", path: task(id), json: change })),
    async cancelTask(id) {
      type Answer = { task: TaskJson; outcome: "cancelled" | "requested" | "unchanged" };
      const answer = await http.json<Answer>({ method: "POST", path: task(id, "/cancel") });
      return { ...answer, task: taskOf(answer.task) };
    },
    retryTask: async (id) => taskOf(await http.json<TaskJson>({ method: "POST", path: task(id, "/retry") })),
    deleteTask: (id) => http.send({ method: "DELETE", path: task(id) }),
    async queueStatus() {
      const { paused, counts, drivers } = await http.json<QueueJson>({ path: "/queue" });
      return { paused, counts, drivers };
    },
    setPaused: (paused) => http.send({ method: "PATCH", path: "/queue", json: { paused } }),
    async listLabels() {
      type Answer = { items: readonly { readonly key: string; readonly value: string }[] };
      return (await http.json<Answer>({ path: "/queue/labels" })).items;
    },

    async claim({ taskId, namespaces, ...terms }) {
      const which = { ...(taskId !== undefined && { taskId }), ...(namespaces && { namespaces }) };
      const { claim } = await postClaim({ terms, ...which });
      return claim ? claimOf(claim) : undefined;
    },
    async localRun(taskId, attempt) {
      const path = `/claims/${encodeURIComponent(claimId(taskId, attempt))}`;
      return (await http.json<{ local: q.LocalRun | null }>({ path })).local;
    },
    renewLease: (lease) => http.json<q.RenewOutcome>({ method: "POST", ...ofLease(lease, "/renew") }),
    releaseLease: (lease) => http.send({ method: "DELETE", ...ofLease(lease) }),
    recordAttempt: (lease, change) => http.send({ method: "PATCH", ...ofLease(lease), json: change }),
    recordProgress: (lease, progress) =>
      http.send({ method: "PATCH", ...ofLease(lease), json: { progress } }),
    makeAgentToken: async (lease) =>
      (await http.json<{ token: string }>({ method: "POST", ...ofLease(lease, "/token") })).token,
    attemptReport: async (taskId, attempt) => {
      type Answer = { report: q.AttemptReport | null };
      return (await http.json<Answer>({ path: task(taskId, `/attempts/${String(attempt)}/report`) })).report;
    },
    async settle(lease, result, retry, logSequence) {
      const json = { result, retry, ...(logSequence !== undefined && { logSequence }) };
      return taskOf(await http.json({ method: "POST", ...ofLease(lease, "/settle"), json }));
    },
    announceDriver: (holder) => http.send({ method: "PUT", path: "/workers", json: { holder } }),
    async listDrivers() {
      return (await http.json<{ items: readonly q.LiveDriver[] }>({ path: "/workers" })).items;
    },
    withdrawDriver: (holder) => http.send({ method: "DELETE", path: "/workers", json: { holder } }),

    async appendLog(lease, entries) {
      const request = ofLease(lease, "/log");
      let position: q.LogPosition | undefined;
      for (const bytes of framesOf(entries)) {
        position = await http.json<q.LogPosition>({
          method: "POST",
          ...request,
          headers: { ...request.headers, "content-type": framesType },
          bytes,
        });
      }
      if (!position) throw new Error("an append has at least one request");
      return position;
    },
    readLog: (query) => readLog(http, query),

    recordArtifacts: (lease, files, summary) =>
      http.send({ method: "PUT", ...ofLease(lease, "/artifacts"), json: { files, summary } }),
    async listArtifacts(taskId, attempt, path) {
      type Answer = { items: readonly q.ArtifactFile[] };
      return (await http.json<Answer>({ path: task(taskId, "/artifacts"), query: { attempt, path } })).items;
    },

    readSettings: async () =>
      (await http.json<{ items: readonly q.StoredSetting[] }>({ path: "/settings/stored" })).items,
    writeSettings: (values) => http.send({ method: "PATCH", path: "/settings", json: { values } }),

    async readEvents({ after, taskId }) {
      type Answer = { items: readonly Event[] };
      return (await http.json<Answer>({ path: "/events", query: { after, taskId } })).items;
    },
    async lastEventSeq() {
      type Answer = { nextAfter: number };
      return (await http.json<Answer>({ path: "/events", query: { after: "latest" } })).nextAfter;
    },
    changes: (signal) => watchChanges(http, AbortSignal.any([signal, closing.signal])),
  };
}

function newTaskJson({ title, description, priority, labels, spec }: NewTask): NewTaskJson {
  return { apiVersion, kind: "Task", title, description, priority, labels, spec };
}

function taskOf(json: TaskJson): Task {
  const { apiVersion: _, kind: __, ...task } = json;
  return task;
}

function claimOf(claim: ClaimJson): q.Claim {
  return { ...claim, task: taskOf(claim.task) };
}

function labelText({ key, operator, values }: LabelRequirement): string {
  switch (operator) {
    case "Exists":
      return key;
    case "DoesNotExist":
      return `!${key}`;
    case "In":
      return values.length === 1 ? `${key}=${String(values[0])}` : `${key} in (${values.join(",")})`;
    case "NotIn":
      return values.length === 1 ? `${key}!=${String(values[0])}` : `${key} notin (${values.join(",")})`;
  }
}

/** Well below what the server takes in one request. */
const maxAppendBytes = 4 * 1024 * 1024;

function* framesOf(entries: readonly LogEntry[]): Generator<Uint8Array> {
  const frames = createByteBuffer(64 * 1024);
  let isEmpty = true;
  for (const entry of entries) {
    if (frames.length >= maxAppendBytes) yield frames.take();
    addFrame(frames, entry);
    isEmpty = false;
  }
  if (frames.length > 0 || isEmpty) yield frames.take();
}
