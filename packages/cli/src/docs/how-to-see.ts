import type { Reason, Text } from "@keruta/shared/domain";

const log: Text = {
  en: "`keruta logs ID --tail 50` shows its last lines.",
  ja: "`keruta logs ID --tail 50` で最後の出力を確認できます。",
};

const why: Text = {
  en: "`keruta why ID` names the program; `keruta show ID` has the command as it was given.",
  ja: "`keruta why ID` にプログラム名があります。指定したコマンドは `keruta show ID` で確認できます。",
};

const event: Text = {
  en: "`keruta why ID` has Kubernetes' own words; `kubectl -n NAMESPACE describe job/keruta-ID-ATTEMPT` shows the rest while the Job is there.",
  ja: "`keruta why ID` に Kubernetes の応答があります。Job が残っている間は `kubectl -n NAMESPACE describe job/keruta-ID-ATTEMPT` でも確認できます。",
};

/** Where one looks besides the message of the attempt; for docs/troubleshooting.md. */
export const howToSee: Readonly<Record<Reason, Text>> = {
  Cancelled: {
    en: "`cancelRequestedAt` of `keruta show ID -o json` tells when; with a server, the audit log tells who.",
    ja: "時刻は `keruta show ID -o json` の `cancelRequestedAt`、操作者は（サーバーがあれば）監査ログで確認できます。",
  },
  TimedOut: log,
  Evicted: {
    en: "`keruta why ID` has the kubelet's message (which resource ran short); `kubectl describe node NODE` its pressure. The node is `attempt.node` of `keruta show ID -o json`.",
    ja: "`keruta why ID` に kubelet のメッセージ（不足した資源）があります。ノードは `keruta show ID -o json` の `attempt.node` にあり、`kubectl describe node NODE` で状態を確認できます。",
  },
  PodLost: {
    en: "`kubectl get events -n NAMESPACE --field-selector involvedObject.name=POD` while they are kept (an hour, usually); `attempt.podName` and `attempt.node` are in `keruta show ID -o json`.",
    ja: "イベントが残っている間（通常 1 時間）は `kubectl get events -n NAMESPACE --field-selector involvedObject.name=POD` で確認できます。Pod とノードは `keruta show ID -o json` の `attempt.podName` と `attempt.node` です。",
  },
  ArtifactsMissing: {
    en: "`keruta artifacts list ID` lists what was collected and what was skipped, with the reason for each.",
    ja: "`keruta artifacts list ID` で、収集したものと、収集しなかったもの（とその理由）を確認できます。",
  },
  Completed: {
    en: "A message says so where the status of the Pod tells of an OOM kill beside the exit code 0.",
    ja: "終了コード 0 でも Pod の状態に OOM が記録されていれば、メッセージで知らせます。",
  },
  OOMKilled: {
    en: "`attempt.peakMemoryBytes` of `keruta show ID -o json` is what it used at most; compare it with `resources.limits.memory`.",
    ja: "`keruta show ID -o json` の `attempt.peakMemoryBytes` が最大使用量です。`resources.limits.memory` と比べてください。",
  },
  CommandNotFound: why,
  CommandNotExecutable: why,
  CrashLoopBackOff: log,
  SidecarFailed: event,
  Error: log,
  CloneFailed: {
    en: "`keruta why ID` has git's last words; credentials never stand in them.",
    ja: "`keruta why ID` に git の最後の出力があります。認証情報は含まれません。",
  },
  InvalidImage: event,
  ImagePullFailed: event,
  ContainerConfigError: event,
  Unschedulable: {
    en: "`keruta why ID` has the scheduler's sentence, which counts the nodes by what they lack.",
    ja: "`keruta why ID` にスケジューラーのメッセージ（ノードごとの不足の内訳）があります。",
  },
  SubmitFailed: {
    en: "`keruta why ID` has the API server's answer; `keruta submit --dry-run=server -f FILE` asks it again without queueing anything.",
    ja: "`keruta why ID` に API サーバーの応答があります。`keruta submit --dry-run=server -f FILE` なら、キューに入れずにもう一度検査できます。",
  },
  DriverLost: {
    en: "The task's timeline (the panel, or `/api/events?taskId=ID`) has who began the attempt and who took it over; the log up to then is stored.",
    ja: "タスクのタイムライン（管理パネルまたは `/api/events?taskId=ID`）に、試行を始めたプロセスと引き継いだプロセスがあります。それまでのログは保存されています。",
  },
};
