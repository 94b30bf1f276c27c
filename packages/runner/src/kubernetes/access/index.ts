export { chooseKubeconfig } from "./kubeconfig/choose-kubeconfig.ts";
export { openCluster } from "./open-cluster.ts";
