import { readFile } from "node:fs/promises";
import type { KubeconfigChoice } from "./choose-kubeconfig.ts";
import { inClusterKubeconfig } from "./in-cluster.ts";
import { invalidKubeconfig } from "./invalid-kubeconfig.ts";
import type { Kubeconfig } from "./kubeconfig.ts";
import { noCluster } from "./no-cluster.ts";
import { parseKubeconfig } from "./parse-kubeconfig.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Reads and merges what `chooseKubeconfig` chose. Throws KRT_CLUSTER_NOT_FOUND or KRT_KUBECONFIG_INVALID. */
export async function readKubeconfig(choice: KubeconfigChoice | undefined, env: Env): Promise<Kubeconfig> {
  if (choice === undefined) {
    throw noCluster({
      en: "no --kubeconfig, no KUBECONFIG, no ~/.kube/config, and not in a Pod",
      ja: "--kubeconfig・KUBECONFIG・~/.kube/config のいずれもなく、Pod の中でもありません",
    });
  }
  if (choice.from === "in-cluster") return inClusterKubeconfig(env);
  const read = await Promise.all(choice.paths.map(async (path) => readOne(path, choice.mayMiss)));
  const found = read.filter((one) => one !== undefined);
  if (found.length === 0) {
    const paths = choice.paths.join(", ");
    throw noCluster({ en: `none of ${paths} is there`, ja: `${paths} のどれも存在しません` });
  }
  return {
    currentContext: found.find(({ currentContext }) => currentContext !== undefined)?.currentContext,
    contexts: firstOfEach(found.map(({ contexts }) => contexts)),
    clusters: firstOfEach(found.map(({ clusters }) => clusters)),
    users: firstOfEach(found.map(({ users }) => users)),
  };
}

async function readOne(path: string, mayMiss: boolean): Promise<Kubeconfig | undefined> {
  try {
    return parseKubeconfig(await readFile(path, "utf8"), path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && "syscall" in error)) throw error;
    if (error.code === "ENOENT" && mayMiss) return undefined;
    if (error.code === "ENOENT") throw noCluster({ en: `${path} is not there`, ja: `${path} がありません` });
    throw invalidKubeconfig(
      path,
      { en: `it cannot be read (${String(error.code)})`, ja: `読み込めません（${String(error.code)}）` },
      { cause: error },
    );
  }
}

function firstOfEach<T>(maps: readonly ReadonlyMap<string, T>[]): ReadonlyMap<string, T> {
  return new Map([...maps].reverse().flatMap((map) => [...map]));
}
