import { KerutaError } from "@keruta/shared/domain";

/** There is no cluster to work with: both ways on are named. `looked` says where, such as "no ~/.kube/config". */
export function noCluster(looked: { readonly en: string; readonly ja: string }): KerutaError {
  return new KerutaError(
    "KRT_CLUSTER_NOT_FOUND",
    {
      en: `There is no Kubernetes cluster to run on: ${looked.en}.`,
      ja: `実行先の Kubernetes クラスターが見つかりません: ${looked.ja}`,
    },
    {
      hint: {
        en: "Name a kubeconfig with --kubeconfig or KUBECONFIG, or run the task as a process of this machine with --runner local.",
        ja: "--kubeconfig または KUBECONFIG で kubeconfig を指定するか、--runner local でこのマシンのプロセスとして実行してください。",
      },
    },
  );
}
