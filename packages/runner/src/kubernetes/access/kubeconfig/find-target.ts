import type { Text } from "@keruta/shared/domain";
import { invalidKubeconfig } from "./invalid-kubeconfig.ts";
import type { Kubeconfig, Target, UserEntry } from "./kubeconfig.ts";

const nobody: UserEntry = {
  certificate: undefined,
  key: undefined,
  token: undefined,
  tokenFile: undefined,
  username: undefined,
  password: undefined,
  impersonate: undefined,
  exec: undefined,
  authProvider: undefined,
};

/** `place` names the kubeconfig in errors. Throws KRT_KUBECONFIG_INVALID. */
export function findTarget(config: Kubeconfig, context: string | undefined, place: string): Target {
  const contextName = context ?? config.currentContext;
  const known = [...config.contexts.keys()];
  if (contextName === undefined) {
    throw invalidKubeconfig(
      place,
      { en: "it has no current context", ja: "現在のコンテキストがありません" },
      { hint: chooseHint(known) },
    );
  }
  const entry = config.contexts.get(contextName);
  if (entry === undefined) {
    throw invalidKubeconfig(
      place,
      { en: `it has no context "${contextName}"`, ja: `コンテキスト「${contextName}」がありません` },
      { hint: chooseHint(known) },
    );
  }
  const cluster = config.clusters.get(entry.cluster);
  if (cluster === undefined) throw missing("cluster", "クラスター", entry.cluster);
  if (!isHttpUrl(cluster.server)) {
    throw invalidKubeconfig(place, {
      en: `the server "${cluster.server}" of cluster "${entry.cluster}" is no http or https URL`,
      ja: `クラスター「${entry.cluster}」の server「${cluster.server}」が http・https の URL ではありません`,
    });
  }
  const user = entry.user === undefined ? nobody : config.users.get(entry.user);
  if (user === undefined) throw missing("user", "ユーザー", entry.user ?? "");
  return { contextName, namespace: entry.namespace, cluster, user };

  function missing(kind: string, kindInJapanese: string, name: string) {
    return invalidKubeconfig(place, {
      en: `its context "${contextName ?? ""}" names the ${kind} "${name}", which it does not have`,
      ja: `コンテキスト「${contextName ?? ""}」の${kindInJapanese}「${name}」が定義されていません`,
    });
  }
}

function chooseHint(known: readonly string[]): Text {
  const list = known.join(", ");
  if (known.length === 0) {
    return {
      en: "It has no contexts at all: give another kubeconfig with --kubeconfig.",
      ja: "コンテキストが 1 つもありません。--kubeconfig で別のファイルを指定してください。",
    };
  }
  return {
    en: `Choose one with --context: ${list}`,
    ja: `--context で次のいずれかを選んでください: ${list}`,
  };
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);
}
