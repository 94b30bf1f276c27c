export { driveOnCluster } from "./drive/drive.ts";
export type { ClusterRunnerDeps } from "./drive/deps.ts";
export { chooseKubeconfig, openCluster } from "./access/index.ts";
export type { KubeconfigChoice } from "./access/kubeconfig/choose-kubeconfig.ts";
