export type { AccessDeps } from "./deps.ts";
export {
  chooseKubeconfig,
  type KubeconfigChoice,
  type KubeconfigSources,
} from "./kubeconfig/choose-kubeconfig.ts";
export { openCluster, type OpenClusterOptions } from "./open-cluster.ts";
