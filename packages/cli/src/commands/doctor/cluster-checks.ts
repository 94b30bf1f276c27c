import type { Cluster } from "@keruta/runner/cluster";
import { isKerutaError, type Settings } from "@keruta/shared/domain";
import { failed, failedWith, ok, warning, type Check } from "./check.ts";
import { agentNameChecks, serverNameCheck } from "./dns-checks.ts";
import type { LookUp } from "./look-up.ts";
import { probeCheck } from "./probe.ts";
import { podSecurityCheck } from "./pod-security.ts";
import { rightChecks } from "./rights.ts";

export interface ClusterCheckOptions {
  readonly cluster: Cluster;
  readonly settings: Settings;
  /** keruta's own. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly lookUp: LookUp;
}

/** What a cluster must give; later checks are left out where an earlier failure would only be repeated. */
export async function clusterChecks(options: ClusterCheckOptions): Promise<readonly Check[]> {
  const { cluster, settings, lookUp } = options;
  const { answers, check: server } = await serverCheck(cluster);
  const serverName = await serverNameCheck(cluster.server, answers, lookUp);
  if (server.status === "failed") return [server, serverName];
  const namespaces = [cluster.namespace, settings.get("keruta.kubernetes.processor-namespace")];
  const agentName = await agentNameChecks(settings.get("keruta.agent.api-url"), namespaces, lookUp);
  const { checks: namespace, exists } = await namespaceChecks(cluster);
  const allowed = await rightChecks(cluster, settings);
  const uploads = await uploadChecks(options);
  const mayCreate = allowed.every(({ name, status }) => name !== "right:create:jobs" || status === "ok");
  const isPlanned = uploads.every(({ status }) => status === "ok");
  const probe = exists && mayCreate && isPlanned ? [await probeCheck(options)] : [];
  return [server, serverName, ...agentName, ...namespace, ...allowed, ...uploads, ...probe];
}

/** Where artifacts do not leave over exec. */
async function uploadChecks({ settings }: ClusterCheckOptions): Promise<readonly Check[]> {
  const name = "artifacts";
  const { artifactTransport } = await import("@keruta/runner/plan");
  try {
    if (artifactTransport(settings) === "exec") return [];
  } catch (error) {
    return [failedWith(name, error)];
  }
  const url = settings.get("keruta.agent.api-url");
  return [
    ok(name, {
      en: `Pods upload their artifacts to ${url}`,
      ja: `Pod は成果物を ${url} にアップロードします`,
    }),
  ];
}

/** Native sidecars, which the agent is, are on by default since then. */
const oldestMinor = 29;

async function serverCheck(cluster: Cluster): Promise<{ check: Check; answers: boolean }> {
  const name = "server";
  try {
    const version = await cluster.version();
    const message = {
      en: `${cluster.server} is Kubernetes ${version}`,
      ja: `${cluster.server} は Kubernetes ${version} です`,
    };
    const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
    if (Number(major) > 1 || Number(minor) >= oldestMinor) return { check: ok(name, message), answers: true };
    const needed = `1.${String(oldestMinor)}`;
    const remedy = {
      en: `keruta needs Kubernetes ${needed} or newer, for native sidecar containers.`,
      ja: `keruta にはネイティブサイドカーに対応した Kubernetes ${needed} 以上が必要です。`,
    };
    return { check: failed(name, message, remedy), answers: true };
  } catch (error) {
    return { check: failedWith(name, error), answers: false };
  }
}

async function namespaceChecks(cluster: Cluster): Promise<{ checks: readonly Check[]; exists: boolean }> {
  const name = "namespace";
  const { namespace } = cluster;
  try {
    const found = await cluster.getNamespace();
    if (!found) {
      const message = {
        en: `there is no namespace ${namespace}`,
        ja: `ネームスペース ${namespace} がありません`,
      };
      const remedy = {
        en: `Create it with \`kubectl create namespace ${namespace}\`, or name another one with -n.`,
        ja: `\`kubectl create namespace ${namespace}\` で作成するか、-n で別のものを指定してください。`,
      };
      return { checks: [failed(name, message, remedy)], exists: false };
    }
    const there = ok(name, {
      en: `namespace ${namespace} exists`,
      ja: `ネームスペース ${namespace} があります`,
    });
    return { checks: [there, podSecurityCheck(found)], exists: true };
  } catch (error) {
    if (!isKerutaError(error, "KRT_CLUSTER_FORBIDDEN"))
      return { checks: [failedWith(name, error)], exists: false };
    const unknown = warning(
      name,
      {
        en: `namespace ${namespace} must not be read`,
        ja: `ネームスペース ${namespace} を参照する権限がありません`,
      },
      {
        en: "keruta works without that; whether the namespace exists and what Pod Security it enforces is not checked.",
        ja: "keruta の動作に支障はありませんが、ネームスペースの有無と Pod Security の設定は検査できません。",
      },
    );
    return { checks: [unknown], exists: true };
  }
}
