import {
  claimRights,
  driverRights,
  execRights,
  namespaceRights,
  resourceName,
  secretRights,
  type Access,
  type Cluster,
  type Right,
} from "@keruta/runner/cluster";
import type { Settings, Text } from "@keruta/shared/domain";
import { agentsHaveTokens } from "../../context/agents-have-tokens.ts";
import { failed, failedWith, ok, warning, type Check } from "./check.ts";

interface CheckedRight extends Access {
  /** What goes without it, where keruta can work without it. */
  readonly optional?: Text;
}

/** All that the driver does in the namespace. */
export const rights: readonly CheckedRight[] = [
  ...each(driverRights),
  ...each(execRights, {
    en: "Without it no artifacts are collected, unless Pods upload them to a server (keruta.artifacts.transport), a log that the kubelet has rotated away has gaps, and a cancel deletes the Pod; `keruta install` grants it.",
    ja: "これがないと成果物は収集されず（Pod からサーバーへのアップロードは keruta.artifacts.transport で設定）、kubelet がローテーションしたログは欠け、中止は Pod の削除になります。`keruta install` で付与できます。",
  }),
  ...each(claimRights, {
    en: "Without it volumes with a size cannot be made; `keruta install` grants it.",
    ja: "これがないと size を指定したボリュームを作成できません。`keruta install` で付与できます。",
  }),
  ...each(namespaceRights, {
    en: "Clusters are told apart by their address then, and Pod Security is not checked.",
    ja: "この場合、クラスターは接続先アドレスで区別し、Pod Security は検査しません。",
  }),
];

/** Where agents report to a server, each by a token of its own (`keruta.agent.api-url`); else nothing uses them. */
const agentTokenRights: readonly CheckedRight[] = each(secretRights, {
  en: "Without it agents cannot get a token each, and report to no server; `keruta install --agent-tokens=true` grants it, or name one Secret for all in keruta.agent.token-secret.",
  ja: "これがないとエージェントごとのトークンを渡せず、サーバーへの報告ができません。`keruta install --agent-tokens=true` で付与するか、共通の Secret を keruta.agent.token-secret で指定してください。",
});

function each(granted: readonly Right[], optional?: Text): readonly CheckedRight[] {
  return granted.flatMap(({ verbs, ...place }) =>
    verbs.map((verb) => ({ ...place, verb, ...(optional && { optional }) })),
  );
}

/** Asks the cluster for each right that something uses. */
export function rightChecks(cluster: Cluster, settings: Settings): Promise<readonly Check[]> {
  const used = [...rights, ...(agentsHaveTokens(settings) ? agentTokenRights : [])];
  return Promise.all(used.map(async (right) => rightCheck(cluster, right)));
}

async function rightCheck(cluster: Cluster, { optional, ...access }: CheckedRight): Promise<Check> {
  const { verb, resource } = access;
  const what = resourceName(access);
  const name = `right:${verb}:${what}`;
  try {
    // The Role that `keruta install` makes allows it for the namespace itself only.
    const ofOne = resource === "namespaces" ? { name: cluster.namespace } : {};
    const { allowed, reason } = await cluster.review({ ...access, ...ofOne });
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
    en: `Have a Role of the namespace allow it to your user: ${rule}; \`keruta install\` makes such Roles.`,
    ja: `ネームスペースの Role に次の規則を加え、利用者に許可してください: ${rule}（\`keruta install\` で Role を作成できます）`,
  };
}
