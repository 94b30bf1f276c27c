import type { Cluster } from "@keruta/runner/cluster";
import { isKerutaError, type Settings } from "@keruta/shared/domain";
import { failed, failedWith, ok, warning, type Check } from "./check.ts";
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
}

/** What a cluster must give; later checks are left out where an earlier failure would only be repeated. */
export async function clusterChecks(options: ClusterCheckOptions): Promise<readonly Check[]> {
  const { cluster } = options;
  const server = await serverCheck(cluster);
  if (server.status === "failed") return [server];
  const { checks: namespace, exists } = await namespaceChecks(cluster);
  const allowed = await rightChecks(cluster, options.settings);
  const uploads = await uploadChecks(options);
  const mayCreate = allowed.every(({ name, status }) => name !== "right:create:jobs" || status === "ok");
  const isPlanned = uploads.every(({ status }) => status === "ok");
  const probe = exists && mayCreate && isPlanned ? [await probeCheck(options)] : [];
  return [server, ...namespace, ...allowed, ...uploads, ...probe];
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

async function serverCheck(cluster: Cluster): Promise<Check> {
  const name = "server";
  try {
    const version = await cluster.version();
    const message = {
      en: `${cluster.server} is Kubernetes ${version}`,
      ja: `${cluster.server} は Kubernetes ${version} です`,
    };
    const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
    if (Number(major) > 1 || Number(minor) >= oldestMinor) return ok(name, message);
    const needed = `1.${String(oldestMinor)}`;
    return failed(name, message, {
      en: `keruta needs Kubernetes ${needed} or newer, for native sidecar containers.`,
      ja: `keruta にはネイティブサイドカーに対応した Kubernetes ${needed} 以上が必要です。`,
    });
  } catch (error) {
    return failedWith(name, error);
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
