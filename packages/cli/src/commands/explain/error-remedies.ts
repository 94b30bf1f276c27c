import type { ErrorCode, Text } from "@keruta/shared/domain";

/** The next step for each error code, where no more is known than the code; the error's own hint has the values. */
export const errorRemedies: Readonly<Record<ErrorCode, Text>> = {
  KRT_USAGE: {
    en: "Correct it as the message says; `keruta COMMAND --help` shows what there is.",
    ja: "メッセージに従って直してください。使い方は `keruta COMMAND --help` で確認できます。",
  },
  KRT_TASK_INVALID: {
    en: "Correct what is listed; `keruta task schema` prints what a task file may hold.",
    ja: "列挙された箇所を直してください。書ける内容は `keruta task schema` で確認できます。",
  },
  KRT_TASK_TOO_LARGE: {
    en: "Bring large data by the repository, a volume or a Secret; split a file of many tasks.",
    ja: "大きなデータはリポジトリ、ボリューム、Secret で渡してください。タスクの多いファイルは分割してください。",
  },
  KRT_FILE_UNREADABLE: {
    en: "Check the path and its permissions.",
    ja: "パスと権限を確認してください。",
  },
  KRT_FILE_UNWRITABLE: {
    en: "Choose another place, make room there, or allow the file to be replaced where the command has --force.",
    ja: "別の場所を指定するか、空きを作ってください。--force のあるコマンドでは置き換えを許可できます。",
  },
  KRT_TASK_NOT_FOUND: {
    en: "`keruta list` shows what there is; check that the queue is the one that you mean (--db, KERUTA_DB, --api-url).",
    ja: "`keruta list` で一覧を確認してください。キューの指定（--db、KERUTA_DB、--api-url）も確認してください。",
  },
  KRT_TASK_ID_AMBIGUOUS: {
    en: "Give more characters of the id.",
    ja: "ID をもっと長く指定してください。",
  },
  KRT_ATTEMPT_NOT_FOUND: {
    en: "`keruta show ID` lists the task's attempts.",
    ja: "`keruta show ID` で試行の一覧を確認してください。",
  },
  KRT_ATTEMPT_SETTLED: {
    en: "Nothing to do; `keruta show ID` has the result.",
    ja: "対処は不要です。結果は `keruta show ID` で確認できます。",
  },
  KRT_LOG_POSITION: {
    en: "Programs that send logs go on with the entry after the one in details; keruta-agent does so by itself.",
    ja: "ログを送るプログラムは、details の次の記録から送り直してください。keruta-agent は自動でそうします。",
  },
  KRT_ARTIFACT_NOT_FOUND: {
    en: "`keruta artifacts list ID` shows what there is; check `keruta settings get artifacts.store` where files are gone.",
    ja: "`keruta artifacts list ID` で一覧を確認してください。ファイルがないときは `keruta settings get artifacts.store` も確認してください。",
  },
  KRT_ARCHIVE_UNREACHABLE: {
    en: "Check keruta.logs.archive.location, its region (AWS_REGION), the credentials (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY) and the rights there; `keruta doctor` tries it.",
    ja: "keruta.logs.archive.location、リージョン（AWS_REGION）、認証情報（AWS_ACCESS_KEY_ID、AWS_SECRET_ACCESS_KEY）、権限を確認してください。`keruta doctor` で試せます。",
  },
  KRT_ARCHIVE_DAMAGED: {
    en: "Restore the object from a backup of the archive; keruta keeps no second copy.",
    ja: "アーカイブのバックアップからオブジェクトを復元してください。keruta は控えを持ちません。",
  },
  KRT_ARCHIVE_LOCATION: {
    en: "`keruta settings set keruta.logs.archive.location PLACE`: a directory, or s3://bucket/prefix?endpoint=URL.",
    ja: "`keruta settings set keruta.logs.archive.location 場所` で、ディレクトリか s3://bucket/prefix?endpoint=URL を設定してください。",
  },
  KRT_STATUS_CONFLICT: {
    en: "`keruta show ID` tells where it stands; wait, or choose what fits that status.",
    ja: "`keruta show ID` で状態を確認し、終わるのを待つか、その状態でできる操作を選んでください。",
  },
  KRT_LEASE_LOST: {
    en: "Follow the task's new driver with `keruta attach ID`.",
    ja: "`keruta attach ID` で新しいドライバーの実行を追跡できます。",
  },
  KRT_CONCURRENCY_REFUSED: {
    en: "Wait for the task that holds the key with `keruta wait ID`, or use onConflict: wait or replace.",
    ja: "キーを使用中のタスクを `keruta wait ID` で待つか、onConflict を wait か replace にしてください。",
  },
  KRT_REQUEST_ID_CONFLICT: {
    en: "Use a new request id for a new task.",
    ja: "新しいタスクには新しいリクエスト ID を使ってください。",
  },
  KRT_SETTING_UNKNOWN: {
    en: "`keruta settings list` shows all settings.",
    ja: "`keruta settings list` ですべての設定を確認できます。",
  },
  KRT_SETTING_AMBIGUOUS: {
    en: "Write one of those that the message lists in full.",
    ja: "メッセージにある設定から 1 つを、省略せずに指定してください。",
  },
  KRT_SETTING_INVALID: {
    en: "The message has an example; `keruta settings unset KEY` goes back to the built-in value.",
    ja: "メッセージの例を参考にしてください。`keruta settings unset KEY` で既定値に戻せます。",
  },
  KRT_PROPERTIES_INVALID: {
    en: "Correct the lines that are listed and import the file again.",
    ja: "列挙された行を直して、もう一度取り込んでください。",
  },
  KRT_DB_NOT_A_DATABASE: {
    en: "Name another file or database with --db or KERUTA_DB; keruta makes its tables where there is nothing.",
    ja: "--db か KERUTA_DB で別のファイルまたはデータベースを指定してください。何もない場所には keruta がテーブルを作ります。",
  },
  KRT_DB_READ_ONLY: {
    en: "Allow your user to write the file and its directory; on PostgreSQL name the primary server.",
    ja: "ファイルとそのディレクトリへの書き込みを許可してください。PostgreSQL ではプライマリーサーバーを指定してください。",
  },
  KRT_DB_NEWER: {
    en: "Update keruta here to the version that the others have.",
    ja: "この keruta を、ほかと同じバージョンに更新してください。",
  },
  KRT_DB_FULL: {
    en: "Free some space there; `keruta db prune`, `keruta logs archive` and `keruta task delete` make room in the queue.",
    ja: "ディスクの空きを増やしてください。`keruta db prune`、`keruta logs archive`、`keruta task delete` でキューを小さくできます。",
  },
  KRT_DB_BUSY: {
    en: "Try again; if it stays so, find who holds the file (`lsof`) or the tables (pg_stat_activity).",
    ja: "もう一度実行してください。続く場合は、ファイル（`lsof`）やテーブル（pg_stat_activity）を使用中のものを調べてください。",
  },
  KRT_DB_NETWORK_FILE_SYSTEM: {
    en: "Name a file on a local disk with --db or KERUTA_DB; for many machines use PostgreSQL.",
    ja: "--db か KERUTA_DB でローカルディスク上のファイルを指定してください。複数のマシンでは PostgreSQL を使ってください。",
  },
  KRT_DB_CORRUPT: {
    en: "`keruta db check` says where; go back to a copy with `keruta db restore FILE`, on PostgreSQL to a dump.",
    ja: "`keruta db check` で箇所を確認し、`keruta db restore FILE`（PostgreSQL ではダンプ）で復元してください。",
  },
  KRT_DB_UNREACHABLE: {
    en: "Check the path, or host and port and that the server runs (`pg_isready`), and try again.",
    ja: "パス、またはホストとポート、サーバーの稼働（`pg_isready`）を確認して、もう一度実行してください。",
  },
  KRT_DB_NOT_FOUND: {
    en: "Make the database with `createdb`, or name another one in KERUTA_DB; keruta makes its tables itself.",
    ja: "`createdb` でデータベースを作るか、KERUTA_DB で別のものを指定してください。テーブルは keruta が作ります。",
  },
  KRT_DB_UNAUTHORIZED: {
    en: "Put the right password into PGPASSFILE, ~/.pgpass or PGPASSWORD; check the user and pg_hba.conf.",
    ja: "PGPASSFILE、~/.pgpass、PGPASSWORD のパスワードと、ユーザー名、pg_hba.conf を確認してください。",
  },
  KRT_DB_FORBIDDEN: {
    en: "Let the owner grant it; to make its tables keruta needs `grant create, usage on schema …`.",
    ja: "所有者に権限の付与を依頼してください。テーブルの作成には `grant create, usage on schema …` が必要です。",
  },
  KRT_DB_CERTIFICATE: {
    en: "Name the right authority with sslrootcert, the server by the name in its certificate, or another sslmode.",
    ja: "sslrootcert で正しい認証局を、ホストには証明書にある名前を指定するか、sslmode を変えてください。",
  },
  KRT_DB_UNSUPPORTED: {
    en: "Use sqlite:PATH or postgres://USER@HOST/DATABASE, and run it where the database is; the message says which command does it instead.",
    ja: "sqlite:PATH か postgres://USER@HOST/DATABASE を指定し、データベースのある場所で実行してください。代わりのコマンドはメッセージにあります。",
  },
  KRT_SERVER_UNREACHABLE: {
    en: "Check --api-url or KERUTA_API_URL and that `keruta serve` runs there; `/healthz` answers without a token.",
    ja: "--api-url または KERUTA_API_URL と、`keruta serve` の稼働を確認してください。`/healthz` はトークンなしで応答します。",
  },
  KRT_SERVER_UNAUTHORIZED: {
    en: "Have an administrator make a token with `keruta token create`, and give it with --token-file or KERUTA_API_TOKEN.",
    ja: "管理者に `keruta token create` でトークンを作ってもらい、--token-file か KERUTA_API_TOKEN で渡してください。",
  },
  KRT_SERVER_FORBIDDEN: {
    en: "Use a token of a role that may, and of the task's namespace.",
    ja: "必要なロールと、タスクのネームスペースを許可されたトークンを使ってください。",
  },
  KRT_SERVER_NOT_FOUND: {
    en: "Check the name; `/api/openapi.json` lists the routes, `keruta token list` the tokens.",
    ja: "名前を確認してください。経路は `/api/openapi.json`、トークンは `keruta token list` で一覧できます。",
  },
  KRT_SERVER_BUSY: {
    en: "Wait as long as the message (and the header Retry-After) says, and try again.",
    ja: "メッセージ（とヘッダー Retry-After）の時間だけ待ってから、もう一度実行してください。",
  },
  KRT_SERVER_REFUSED: {
    en: "Use the same version here and there; the message has the server's own words.",
    ja: "手元とサーバーのバージョンをそろえてください。メッセージにサーバーの応答があります。",
  },
  KRT_POLICY_REFUSED: {
    en: "Change the task as the message says, or ask an administrator to allow it in keruta.policy.*.",
    ja: "メッセージに従ってタスクを変えるか、keruta.policy.* で許可するよう管理者に依頼してください。",
  },
  KRT_NAME_TAKEN: { en: "Choose another name.", ja: "別の名前にしてください。" },
  KRT_CLUSTER_NOT_FOUND: {
    en: "Name a kubeconfig with --kubeconfig or KUBECONFIG, or run the task here with --runner local.",
    ja: "--kubeconfig か KUBECONFIG で kubeconfig を指定するか、--runner local でこのマシンで実行してください。",
  },
  KRT_CLUSTER_UNREACHABLE: {
    en: "Check that it runs and that this machine reaches it (`kubectl cluster-info`), or choose another --context.",
    ja: "クラスターの稼働と、このマシンからの到達性（`kubectl cluster-info`）を確認するか、--context を変えてください。",
  },
  KRT_CLUSTER_CUT: {
    en: "Try again; if it repeats, look for a proxy or firewall that ends long connections.",
    ja: "もう一度実行してください。繰り返す場合は、長い接続を切るプロキシーやファイアウォールがないか調べてください。",
  },
  KRT_CLUSTER_MISMATCH: {
    en: "Use the context that the message names; `keruta show ID -o json` has it in attempt.context.",
    ja: "メッセージにあるコンテキストを使ってください。`keruta show ID -o json` の attempt.context でも確認できます。",
  },
  KRT_CLUSTER_CERTIFICATE: {
    en: "Check certificate-authority and tls-server-name of this cluster in the kubeconfig.",
    ja: "kubeconfig の certificate-authority と tls-server-name を確認してください。",
  },
  KRT_CLUSTER_UNAUTHORIZED: {
    en: "Log in again as the cluster wants it; `kubectl auth whoami` shows who you are there.",
    ja: "クラスターにログインし直してください。`kubectl auth whoami` で現在のユーザーを確認できます。",
  },
  KRT_CLUSTER_FORBIDDEN: {
    en: "`keruta doctor -n NAMESPACE` names the right that is missing, `keruta install` grants it.",
    ja: "足りない権限は `keruta doctor -n NAMESPACE` が示し、`keruta install` で付与できます。",
  },
  KRT_CLUSTER_CONFLICT: {
    en: "Try again; look at the object with `kubectl get` if it repeats.",
    ja: "もう一度実行してください。繰り返す場合は `kubectl get` で対象を確認してください。",
  },
  KRT_CLUSTER_REFUSED: {
    en: "Correct what the cluster's own words in the message name.",
    ja: "メッセージにあるクラスターの応答に従って直してください。",
  },
  KRT_NAMESPACE_NOT_FOUND: {
    en: "Create it with `kubectl create namespace NAME`, or name another one with -n.",
    ja: "`kubectl create namespace NAME` で作るか、-n で別のものを指定してください。",
  },
  KRT_KUBECONFIG_INVALID: {
    en: "Correct the file as the message says; `kubectl config view` reads the same file.",
    ja: "メッセージに従ってファイルを直してください。`kubectl config view` でも同じファイルを確認できます。",
  },
  KRT_RUNNER_UNSUPPORTED: {
    en: "Choose the other runner with --runner, or leave out what the message names.",
    ja: "--runner で別のランナーを選ぶか、メッセージにある指定を外してください。",
  },
  KRT_SECRET_NOT_FOUND: {
    en: "Create the Secret and its key; for the local runner the file that the message names, with mode 0600.",
    ja: "Secret とそのキーを作ってください。local ランナーではメッセージにあるファイルをモード 0600 で作ります。",
  },
  KRT_WORKSPACE: {
    en: "Check the space and the permissions of the directory that the message names.",
    ja: "メッセージにあるディレクトリの空きと権限を確認してください。",
  },
  KRT_ARTIFACT_REFUSED: {
    en: "Check what the task writes to its artifacts; copy into an empty directory with --dir.",
    ja: "タスクが書き出す成果物を確認してください。コピー先は --dir で空のディレクトリを指定してください。",
  },
  KRT_ARTIFACT_STREAM: {
    en: "Run the task again; `keruta doctor` checks the right to exec.",
    ja: "タスクを再実行してください。exec の権限は `keruta doctor` で確認できます。",
  },
  KRT_AGENT: {
    en: "Use an agent image and a keruta of one version (setting keruta.agent.image); the message has the agent's own words.",
    ja: "エージェントのイメージ（keruta.agent.image）と keruta のバージョンをそろえてください。メッセージにエージェントの応答があります。",
  },
  KRT_TIMEOUT: {
    en: "`keruta why ID` says what the task does now; wait again with a longer --timeout.",
    ja: "`keruta why ID` で現在の状況を確認し、--timeout を延ばして待ち直してください。",
  },
  KRT_INTERNAL: {
    en: "Report it with what was printed and `keruta version`; the server's log has the cause under the request's id.",
    ja: "表示された内容と `keruta version` を添えて報告してください。サーバーのログには、リクエスト ID とともに原因があります。",
  },
};
