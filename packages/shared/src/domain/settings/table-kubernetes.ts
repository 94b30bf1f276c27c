import type { SettingDefinition } from "./definition.ts";

const day = 86_400_000;

export const kubernetesSettings = [
  {
    key: "keruta.kubernetes.enabled",
    type: "boolean",
    default: "true",
    description: {
      en: "Tasks that name no runner run on Kubernetes; off: as processes of this machine.",
      ja: "実行方法を指定しないタスクを Kubernetes で実行します。無効にすると、このマシンのプロセスとして実行します。",
    },
  },
  {
    key: "keruta.kubernetes.config-path",
    type: "string",
    default: "",
    description: {
      en: "Path of the kubeconfig; empty: ~/.kube/config.",
      ja: "kubeconfig ファイルのパス。空なら ~/.kube/config を使います。",
    },
  },
  {
    key: "keruta.kubernetes.in-cluster",
    type: "boolean",
    default: "false",
    description: {
      en: "keruta itself runs in the cluster and uses the ServiceAccount of its Pod.",
      ja: "keruta 自身がクラスター内で動き、その Pod の ServiceAccount を使います。",
    },
  },
  {
    key: "keruta.kubernetes.default-namespace",
    type: "string",
    default: "default",
    format: "namespace",
    description: {
      en: "Namespace of tasks that name none.",
      ja: "ネームスペースを指定しないタスクのネームスペース。",
    },
  },
  {
    key: "keruta.kubernetes.default-image",
    type: "string",
    default: "",
    description: {
      en: "Container image of tasks that name none.",
      ja: "イメージを指定しないタスクのコンテナイメージ。",
    },
  },
  {
    key: "keruta.kubernetes.processor-namespace",
    type: "string",
    default: "",
    format: "namespace",
    description: {
      en: "Namespace in which server and worker run; empty: the default namespace.",
      ja: "サーバーとワーカーが動くネームスペース。空ならデフォルトネームスペースと同じです。",
    },
  },
  ...(
    [
      ["image", "60s", "an image cannot be pulled", "イメージを取得できない"],
      ["config", "60s", "a Secret or ConfigMap is missing", "Secret や ConfigMap がない"],
      ["scheduling", "60s", "no node takes the Pod", "Pod を配置できるノードがない"],
      ["quota", "60s", "a quota refuses the Job or its Pod", "クォータにより Job や Pod が拒否される"],
      ["crash-loop", "5m", "a container crashes again and again", "コンテナがクラッシュを繰り返す"],
      ["sidecar", "60s", "keruta's own sidecar does not start", "keruta のサイドカーが起動しない"],
    ] as const
  ).map(
    ([name, span, en, ja]) =>
      ({
        key: `keruta.kubernetes.grace.${name}`,
        type: "duration",
        default: span,
        minimum: 0,
        maximum: day,
        description: {
          en: `How long it may last that ${en} before the attempt ends.`,
          ja: `${ja}状態が続いたとき、試行を終了するまでの猶予。`,
        },
      }) as const,
  ),
  {
    key: "keruta.job.ttl",
    type: "duration",
    default: "10m",
    minimum: 120_000,
    maximum: 365 * day,
    description: {
      en: "How long a Job stays on the cluster after its attempt is settled.",
      ja: "試行の結果が確定した後、Job をクラスターに残す時間。",
    },
  },
  {
    key: "keruta.job.template",
    type: "string",
    default: "",
    description: {
      en: "YAML of a Job that every rendered Job is merged onto.",
      ja: "すべての Job の土台にする Job の YAML。",
    },
  },
  {
    key: "keruta.job.pending-timeout",
    type: "duration",
    default: "1h",
    minimum: 1000,
    description: {
      en: "How long an attempt may wait to start on the cluster, for tasks that say nothing else.",
      ja: "タスクに指定がないとき、クラスターでの開始を待つ上限時間。",
    },
  },
  {
    key: "keruta.job.default-command",
    type: "list",
    default: "",
    description: {
      en: "Command of tasks that have neither command nor script, as a JSON array; empty: the image's entrypoint.",
      ja: "command も script もないタスクのコマンド（JSON 配列）。空ならイメージのエントリーポイントを実行します。",
    },
  },
] as const satisfies readonly SettingDefinition[];
