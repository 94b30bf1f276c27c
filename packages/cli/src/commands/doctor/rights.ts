import type { Access, Cluster } from "@keruta/runner/cluster";
import type { Text } from "@keruta/shared/domain";
import { failed, failedWith, ok, warning, type Check } from "./check.ts";

interface Right extends Access {
  /** What goes without it, where keruta can work without it. */
  readonly optional?: Text;
}

const verbsOf = (resource: string, verbs: readonly string[], subresource?: string): readonly Right[] =>
  verbs.map((verb) => ({ verb, resource, ...(subresource !== undefined && { subresource }) }));

/** All that the driver does in the namespace. Since Kubernetes 1.35 an exec over WebSocket needs get and create. */
export const rights: readonly Right[] = [
  ...verbsOf("jobs", ["create", "get", "list", "watch", "delete", "patch"]),
  ...verbsOf("pods", ["get", "list", "watch", "delete"]),
  ...verbsOf("pods", ["get"], "log"),
  ...verbsOf("events", ["get", "list", "watch"]),
  ...verbsOf("pods", ["get", "create"], "exec"),
  {
    verb: "get",
    resource: "namespaces",
    optional: {
      en: "Clusters are told apart by their address then, and Pod Security is not checked.",
      ja: "この場合、クラスターは接続先アドレスで区別し、Pod Security は検査しません。",
    },
  },
];

/** Asks the cluster for each right. */
export function rightChecks(cluster: Cluster): Promise<readonly Check[]> {
  return Promise.all(rights.map(async (right) => rightCheck(cluster, right)));
}

async function rightCheck(cluster: Cluster, { optional, ...access }: Right): Promise<Check> {
  const { verb, resource, subresource } = access;
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  const name = `right:${verb}:${what}`;
  try {
    const { allowed, reason } = await cluster.review(access);
    if (allowed) return ok(name, { en: `may ${verb} ${what}`, ja: `${what} の ${verb} が許可されています` });
    const why = reason === "" ? "" : ` (${reason})`;
    const message = {
      en: `may not ${verb} ${what} in ${cluster.namespace}${why}`,
      ja: `${cluster.namespace} で ${what} の ${verb} が許可されていません${why}`,
    };
    return optional
      ? warning(name, message, optional)
      : failed(name, message, remedyOf(verb, what, resource));
  } catch (error) {
    return failedWith(name, error);
  }
}

function remedyOf(verb: string, what: string, resource: string): Text {
  const rule = `apiGroups: ["${resource === "jobs" ? "batch" : ""}"], resources: ["${what}"], verbs: ["${verb}"]`;
  return {
    en: `Have a Role of the namespace allow it to your user: ${rule}.`,
    ja: `ネームスペースの Role に次の規則を加え、利用者に許可してください: ${rule}`,
  };
}
