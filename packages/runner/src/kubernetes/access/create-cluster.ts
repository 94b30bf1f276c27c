import { createHash } from "node:crypto";
import { isKerutaError } from "@keruta/shared/domain";
import type {
  Cluster,
  Deleted,
  ObjectOf,
  Selection,
  WatchKind,
  WatchSelection,
} from "../../cluster/cluster.ts";
import { answeredStatus } from "../../cluster/answered-status.ts";
import { compact } from "../../cluster/index.ts";
import type { Job, Namespace, Pod, VolumeClaim } from "../../cluster/objects.ts";
import { applyObject } from "./apply-object.ts";
import { removeObject } from "./remove-object.ts";
import type { ApiRequest } from "./connection/api-request.ts";
import type { Connection } from "./connection/connection.ts";
import { deleteOptions } from "./delete-options.ts";
import type { AccessDeps } from "./deps.ts";
import { openExec } from "./exec/open-exec.ts";
import { otherwise, patched, unlessExists } from "./expected-refusal.ts";
import { readLog } from "./read-log.ts";
import { secretCalls } from "./secrets.ts";
import { isAbout } from "./watch/is-about.ts";
import { listAll } from "./watch/list-all.ts";
import { listWatch } from "./watch/list-watch.ts";
import { watchLimits } from "./watch/limits.ts";

export interface ClusterPlace {
  readonly contextName: string;
  readonly namespace: string;
}

/** keruta's words on the API's fixed paths: nothing is discovered. */
export function createCluster(connection: Connection, place: ClusterPlace, deps: AccessDeps): Cluster {
  const { contextName, namespace } = place;
  const { server, authority } = connection.route;
  const inNamespace = `/namespaces/${encodeURIComponent(namespace)}`;
  const collections = {
    jobs: `/apis/batch/v1${inNamespace}/jobs`,
    pods: `/api/v1${inNamespace}/pods`,
    events: `/api/v1${inNamespace}/events`,
    claims: `/api/v1${inNamespace}/persistentvolumeclaims`,
    secrets: `/api/v1${inNamespace}/secrets`,
  } as const satisfies Record<WatchKind | "claims" | "secrets", string>;
  type Kind = keyof typeof collections;
  const pathOf = (kind: Kind, name: string) => `${collections[kind]}/${encodeURIComponent(name)}`;

  async function get<T>(kind: Kind, operation: string, name: string, signal?: AbortSignal) {
    const request = { operation, method: "GET", path: pathOf(kind, name), signal } as const;
    return otherwise(connection.send(request) as Promise<T>, { 404: undefined });
  }

  async function list<T>(kind: Kind, selection: Selection, signal?: AbortSignal): Promise<readonly T[]> {
    const request: ApiRequest = {
      operation: `list ${kind}`,
      method: "GET",
      path: collections[kind],
      query: { ...selection },
      signal,
    };
    return (await listAll<T>(connection, request)).items;
  }

  async function readNamespace(signal?: AbortSignal): Promise<Namespace> {
    const path = `/api/v1${inNamespace}`;
    return (await connection.send({ operation: "get namespace", method: "GET", path, signal })) as Namespace;
  }

  async function remove(request: Omit<ApiRequest, "method">): Promise<Deleted> {
    const sent = connection.send({ ...request, method: "DELETE" }).then(() => "deleted" as const);
    return otherwise(sent, { 404: "gone", 409: "replaced" } as const);
  }

  return {
    server,
    contextName,
    namespace,
    requests: connection.requests,
    inNamespace: (name) => createCluster(connection, { ...place, namespace: name }, deps),

    async identity(signal) {
      try {
        return (await readNamespace(signal)).metadata.uid;
      } catch (error) {
        if (answeredStatus(error) !== 403) throw error;
        const digest = createHash("sha256").update(`${server}\n${authority ?? ""}\n${namespace}`);
        return `sha256:${digest.digest("hex")}`;
      }
    },

    async version(signal) {
      const answer = await connection.send({
        operation: "get version",
        method: "GET",
        path: "/version",
        signal,
      });
      return (answer as { readonly gitVersion: string }).gitVersion;
    },

    async getNamespace(signal) {
      try {
        return await readNamespace(signal);
      } catch (error) {
        if (isKerutaError(error, "KRT_NAMESPACE_NOT_FOUND")) return undefined;
        throw error;
      }
    },

    async review(access, signal) {
      const answer = (await connection.send({
        operation: "review access",
        method: "POST",
        path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
        body: {
          apiVersion: "authorization.k8s.io/v1",
          kind: "SelfSubjectAccessReview",
          spec: { resourceAttributes: { namespace, ...access } },
        },
        signal,
      })) as { readonly status?: { readonly allowed?: boolean; readonly reason?: string } };
      return { allowed: answer.status?.allowed === true, reason: answer.status?.reason ?? "" };
    },

    async createJob(manifest, { dryRun = false, signal } = {}) {
      const sent = connection.send({
        operation: "create job",
        method: "POST",
        path: collections.jobs,
        // Strict: a field that the cluster does not know is refused, not dropped.
        query: { fieldValidation: "Strict", dryRun: dryRun ? "All" : undefined },
        body: manifest,
        signal,
      });
      const created = sent.then((job) => ({ outcome: "created", job: job as Job }) as const);
      return unlessExists(created, { outcome: "exists" } as const);
    },

    getJob: async (name, signal) => get<Job>("jobs", "get job", name, signal),

    async patchJob(name, uid, patch, signal) {
      const { metadata } = patch as { readonly metadata?: object };
      const request: ApiRequest = {
        operation: "patch job",
        method: "PATCH",
        path: pathOf("jobs", name),
        contentType: "application/merge-patch+json",
        body: { ...patch, metadata: { ...metadata, uid } },
        signal,
      };
      const answer = await patched(connection.send(request) as Promise<Job>);
      return typeof answer === "string" ? { outcome: answer } : { outcome: "patched", job: answer };
    },

    getPod: async (name, signal) => get<Pod>("pods", "get pod", name, signal),
    listPods: async (selection, signal) => list<Pod>("pods", selection, signal),

    async removeGate(pod, uid, gate, signal) {
      // Strategic: what others gate the Pod with stays, and a gate that is gone is no error.
      const request: ApiRequest = {
        operation: "patch pod",
        method: "PATCH",
        path: pathOf("pods", pod),
        contentType: "application/strategic-merge-patch+json",
        body: { metadata: { uid }, spec: { schedulingGates: [{ $patch: "delete", name: gate }] } },
        signal,
      };
      return patched(connection.send(request).then(() => "removed" as const));
    },

    deletePod: async (name, uid, graceSeconds, signal) =>
      remove({
        operation: "delete pod",
        path: pathOf("pods", name),
        body: deleteOptions(uid, { gracePeriodSeconds: graceSeconds }),
        signal,
      }),

    createClaim: async (manifest, signal) => {
      const request = { operation: "create claim", method: "POST", path: collections.claims } as const;
      const sent = connection.send({ ...request, body: manifest, signal }).then(() => "created" as const);
      return unlessExists(sent, "exists" as const);
    },
    getClaim: async (name, signal) => get<VolumeClaim>("claims", "get claim", name, signal),
    listClaims: async (selection, signal) => list<VolumeClaim>("claims", selection, signal),
    deleteClaim: async (name, uid, signal) =>
      remove({
        operation: "delete claim",
        path: pathOf("claims", name),
        body: deleteOptions(uid, {}),
        signal,
      }),

    ...secretCalls(connection, collections.secrets),

    apply: async (manifest, signal) => applyObject(connection, namespace, manifest, signal),
    remove: async (kind, name, signal) => removeObject(connection, namespace, { kind, name }, signal),

    watch<K extends WatchKind>(
      kind: K,
      { objectNamePrefix, ...selection }: WatchSelection,
      signal: AbortSignal,
    ) {
      const isWanted = objectNamePrefix === undefined ? () => true : isAbout(objectNamePrefix);
      const take = (object: ObjectOf[K]) => (isWanted(object) ? compact(kind, object) : undefined);
      const watched = { kind, path: collections[kind], selection, limits: watchLimits[kind], take };
      return listWatch<ObjectOf[K]>(connection, watched, deps, signal);
    },

    readLog: (options, signal) => readLog(connection, pathOf("pods", options.pod), options, signal),
    exec: async (options, signal) => openExec(connection, pathOf("pods", options.pod), options, deps, signal),
    close: async () => connection.close(),
  };
}
