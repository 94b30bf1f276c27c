import type { Text } from "../text.ts";
import type { Category, Reason } from "./reason.ts";

export interface ReasonExplanation {
  readonly categories: readonly Category[];
  readonly what: Text;
  /** The next step. */
  readonly remedy: Text;
}

/** What each reason means and what to do about it: `keruta explain`, last lines of `submit`, the panel, the docs. */
export const reasonExplanations: Readonly<Record<Reason, ReasonExplanation>> = {
  Cancelled: {
    categories: ["user"],
    what: {
      en: "Someone stopped the task before its command ended.",
      ja: "コマンドが終わる前に中止されました。",
    },
    remedy: {
      en: "Queue it again with `keruta submit --from ID` if it is still wanted.",
      ja: "まだ必要なら `keruta submit --from ID` で複製して実行してください。",
    },
  },
  TimedOut: {
    categories: ["command"],
    what: {
      en: "The command ran longer than spec.timeout and was stopped.",
      ja: "コマンドが spec.timeout より長く実行されたため停止しました。",
    },
    remedy: {
      en: "Raise `timeout` in the task (or --timeout), or find out where the command hangs.",
      ja: "タスクの `timeout`（または --timeout）を延ばすか、コマンドが止まっている箇所を調べてください。",
    },
  },
  Evicted: {
    categories: ["infrastructure"],
    what: { en: "Kubernetes evicted the Pod.", ja: "Kubernetes が Pod を退避させました。" },
    remedy: {
      en: "It is tried again while attempts remain; if it repeats, raise requests or limits (memory, ephemeral-storage).",
      ja: "試行が残っていれば再実行されます。繰り返す場合は requests / limits（memory, ephemeral-storage）を増やしてください。",
    },
  },
  PodLost: {
    categories: ["infrastructure"],
    what: {
      en: "The Pod disappeared before the command ended.",
      ja: "コマンドが終わる前に Pod がなくなりました。",
    },
    remedy: {
      en: "It is tried again while attempts remain; look for who deleted the Pod or whether its node went away.",
      ja: "試行が残っていれば再実行されます。Pod を削除したものや、ノードの停止がないか確認してください。",
    },
  },
  ArtifactsMissing: {
    categories: ["command"],
    what: {
      en: "The command ended with 0, but required artifacts were not all collected.",
      ja: "コマンドは 0 で終了しましたが、必須の成果物がそろいませんでした。",
    },
    remedy: {
      en: "Check artifacts.paths and maxBytes against what the command writes, or set artifacts.required to false.",
      ja: "artifacts.paths と maxBytes をコマンドの出力と照らし合わせるか、artifacts.required を false にしてください。",
    },
  },
  Completed: {
    categories: ["command"],
    what: { en: "The command ended with exit code 0.", ja: "コマンドは終了コード 0 で終わりました。" },
    remedy: { en: "Nothing to do.", ja: "対処は不要です。" },
  },
  OOMKilled: {
    categories: ["command"],
    what: {
      en: "The command was killed because its container ran out of memory.",
      ja: "コンテナのメモリーが足りず、コマンドが強制終了されました。",
    },
    remedy: {
      en: "Raise resources.limits.memory, or make the command use less.",
      ja: "resources.limits.memory を増やすか、コマンドのメモリー使用量を減らしてください。",
    },
  },
  CommandNotFound: {
    categories: ["task-definition"],
    what: { en: "There is no such program.", ja: "そのプログラムが見つかりません。" },
    remedy: {
      en: "Check the command's spelling and PATH; the program must be in the image, or on this machine for the local runner.",
      ja: "コマンドの綴りと PATH を確認してください。プログラムはイメージ内（local ランナーではこのマシン上）に必要です。",
    },
  },
  CommandNotExecutable: {
    categories: ["task-definition"],
    what: {
      en: "The program is there but cannot be executed.",
      ja: "プログラムはありますが、実行できません。",
    },
    remedy: {
      en: "Give it the execute bit (chmod +x), or name an interpreter for it in `command`.",
      ja: "実行権限を付ける（chmod +x）か、`command` でインタープリターを指定してください。",
    },
  },
  CrashLoopBackOff: {
    categories: ["command"],
    what: {
      en: "The command failed again after each restart, until no restart was left.",
      ja: "再起動してもコマンドが失敗し続け、再起動の回数を使い切りました。",
    },
    remedy: {
      en: "Read the log of the last restarts with `keruta logs ID`; raise `restarts` only if it can recover by itself.",
      ja: "`keruta logs ID` で最後のログを確認してください。自力で回復できる場合だけ `restarts` を増やしてください。",
    },
  },
  SidecarFailed: {
    categories: ["start"],
    what: { en: "keruta's own sidecar did not start.", ja: "keruta のサイドカーが起動しませんでした。" },
    remedy: {
      en: "Run `keruta doctor`; check keruta.agent.image and the namespace's policies.",
      ja: "`keruta doctor` を実行し、keruta.agent.image とネームスペースのポリシーを確認してください。",
    },
  },
  Error: {
    categories: ["command"],
    what: {
      en: "The command ended with a non-zero exit code.",
      ja: "コマンドが 0 以外の終了コードで終わりました。",
    },
    remedy: {
      en: "Read its log with `keruta logs ID`; `keruta retry ID` tries it again.",
      ja: "`keruta logs ID` でログを確認してください。`keruta retry ID` で再実行できます。",
    },
  },
  CloneFailed: {
    categories: ["start", "task-definition"],
    what: {
      en: "The repository could not be cloned; the command never started.",
      ja: "リポジトリをクローンできず、コマンドは開始されませんでした。",
    },
    remedy: {
      en: "Check repository.url, ref and secret; git's own words are in the message.",
      ja: "repository の url、ref、secret を確認してください。メッセージに git の出力があります。",
    },
  },
  InvalidImage: {
    categories: ["task-definition"],
    what: { en: "The image's name is malformed.", ja: "イメージ名の形式が正しくありません。" },
    remedy: { en: "Correct `image` in the task.", ja: "タスクの `image` を直してください。" },
  },
  ImagePullFailed: {
    categories: ["start"],
    what: { en: "The image could not be pulled.", ja: "イメージを取得できませんでした。" },
    remedy: {
      en: "Check the image's name and tag, the registry, and imagePullSecrets.",
      ja: "イメージの名前とタグ、レジストリー、imagePullSecrets を確認してください。",
    },
  },
  ContainerConfigError: {
    categories: ["task-definition"],
    what: {
      en: "Something the task refers to is missing or does not fit (Secret, ConfigMap, key, working directory, user).",
      ja: "タスクが参照するもの（Secret、ConfigMap、キー、作業ディレクトリ、ユーザー）がないか、合いません。",
    },
    remedy: {
      en: "The message names it; create it or correct the task.",
      ja: "メッセージに示されたものを作るか、タスクを直してください。",
    },
  },
  Unschedulable: {
    categories: ["start"],
    what: { en: "No node can take the Pod.", ja: "Pod を配置できるノードがありません。" },
    remedy: {
      en: "Lower resources.requests, or check nodeSelector, tolerations and the volume claims.",
      ja: "resources.requests を下げるか、nodeSelector、tolerations、ボリュームの claim を確認してください。",
    },
  },
  SubmitFailed: {
    categories: ["start", "task-definition"],
    what: {
      en: "The cluster refused the Job or its Pod.",
      ja: "クラスターが Job または Pod を拒否しました。",
    },
    remedy: {
      en: "The message has the cluster's own words: quota, Pod Security, ServiceAccount or rights; `keruta doctor` checks them.",
      ja: "メッセージにクラスターの応答があります（クォータ、Pod Security、ServiceAccount、権限）。`keruta doctor` で確認できます。",
    },
  },
  DriverLost: {
    categories: ["infrastructure"],
    what: {
      en: "The keruta process that ran the task locally died, and the command was stopped with it.",
      ja: "タスクをローカルで実行していた keruta プロセスが終了し、コマンドも停止しました。",
    },
    remedy: {
      en: "It is tried again while attempts remain: `keruta submit` runs it, `keruta attach ID` waits for it.",
      ja: "試行が残っていれば再実行されます。`keruta submit` で実行、`keruta attach ID` で待機できます。",
    },
  },
};
