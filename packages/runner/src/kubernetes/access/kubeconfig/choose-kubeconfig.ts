export interface KubeconfigSources {
  /** `--kubeconfig`. */
  readonly flag: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Settings in the database: `keruta.kubernetes.config-path` (may be empty) and `keruta.kubernetes.in-cluster`. */
  readonly settings: { readonly configPath: string; readonly inCluster: boolean };
  readonly home: string;
  /** Whether ~/.kube/config is there. */
  readonly homeConfigExists: boolean;
  /** `:`, or `;` on Windows. */
  readonly pathDelimiter: string;
}

export type KubeconfigChoice =
  | {
      readonly from: "flag" | "environment" | "setting" | "home";
      /** Merged: of what stands in several, the first one holds. */
      readonly paths: readonly string[];
      /** Of a list some may be missing, as with kubectl. */
      readonly mayMiss: boolean;
    }
  | { readonly from: "in-cluster" };

/** Where the cluster is described (design section 11); undefined where nothing is. */
export function chooseKubeconfig(sources: KubeconfigSources): KubeconfigChoice | undefined {
  const { flag, env, settings, home } = sources;
  if (flag) return { from: "flag", paths: [flag], mayMiss: false };
  const own = env["KERUTA_KUBERNETES_CONFIG_PATH"];
  if (own) return { from: "environment", paths: [own], mayMiss: false };
  const paths = (env["KUBECONFIG"] ?? "").split(sources.pathDelimiter).filter((path) => path !== "");
  if (paths.length > 0) return { from: "environment", paths, mayMiss: paths.length > 1 };
  if (settings.inCluster) return { from: "in-cluster" };
  if (settings.configPath) return { from: "setting", paths: [settings.configPath], mayMiss: false };
  if (sources.homeConfigExists) return { from: "home", paths: [`${home}/.kube/config`], mayMiss: false };
  return env["KUBERNETES_SERVICE_HOST"] ? { from: "in-cluster" } : undefined;
}
