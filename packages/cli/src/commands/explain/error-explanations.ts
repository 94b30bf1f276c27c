import type { ErrorCode, Text } from "@keruta/shared/domain";

/** What each error code stands for; the error's own sentence has the values and the next step. */
export const errorExplanations: Readonly<Record<ErrorCode, Text>> = {
  KRT_USAGE: {
    en: "The command line is wrong; nothing was done.",
    ja: "コマンドラインが正しくありません。何も実行していません。",
  },
  KRT_TASK_INVALID: {
    en: "A task file has unknown keys, wrong types or impossible values; all of them are listed, and nothing was queued.",
    ja: "タスクファイルに不明なキー・誤った型・あり得ない値があります。すべて列挙し、何も追加していません。",
  },
  KRT_TASK_TOO_LARGE: {
    en: "A task is larger than 512 KiB as JSON.",
    ja: "タスクが JSON で 512 KiB を超えています。",
  },
  KRT_FILE_UNREADABLE: { en: "A file cannot be read.", ja: "ファイルを読み込めません。" },
  KRT_FILE_UNWRITABLE: {
    en: "A file or standard output cannot be written.",
    ja: "ファイルまたは標準出力に書き込めません。",
  },
  KRT_TASK_NOT_FOUND: {
    en: "No task has this id or prefix.",
    ja: "この ID（または先頭部分）のタスクはありません。",
  },
  KRT_TASK_ID_AMBIGUOUS: {
    en: "Several tasks begin with this prefix; the details list them.",
    ja: "この先頭部分に当てはまるタスクが複数あります。候補は details にあります。",
  },
  KRT_ATTEMPT_NOT_FOUND: {
    en: "The task has no attempt of this number.",
    ja: "この番号の試行はありません。",
  },
  KRT_ATTEMPT_SETTLED: {
    en: "The attempt has its result; what an agent reports afterwards changes nothing.",
    ja: "この試行の結果は確定済みです。以後のエージェントの報告では何も変わりません。",
  },
  KRT_LOG_POSITION: {
    en: "Log entries came with a hole before them; the details say from where to go on.",
    ja: "送られたログの記録に抜けがあります。どこから続けるかは details にあります。",
  },
  KRT_ARTIFACT_NOT_FOUND: {
    en: "The task has no artifact of this path.",
    ja: "このパスの成果物はありません。",
  },
  KRT_ARCHIVE_UNREACHABLE: {
    en: "The place of archived logs does not answer, or refuses; nothing was removed from the queue.",
    ja: "ログのアーカイブ先が応答しないか、拒否しました。キューからは何も削除していません。",
  },
  KRT_ARCHIVE_DAMAGED: {
    en: "An archived object is not what was written: it is missing, shorter or changed.",
    ja: "アーカイブの内容が書き込んだものと異なります（ない、短い、または変更されています）。",
  },
  KRT_ARCHIVE_LOCATION: {
    en: "No location for archived logs is set, or it is none that keruta knows.",
    ja: "ログのアーカイブ先が設定されていないか、keruta が扱えない場所です。",
  },
  KRT_STATUS_CONFLICT: {
    en: "The task's status does not allow this, for example retrying one that has not failed.",
    ja: "タスクの状態がこの操作を許しません（失敗していないタスクの再実行など）。",
  },
  KRT_LEASE_LOST: {
    en: "Another process drives the attempt now; this one changed nothing.",
    ja: "別のプロセスが試行を引き継ぎました。このプロセスは何も変更していません。",
  },
  KRT_CONCURRENCY_REFUSED: {
    en: "The concurrency key is in use and the task says onConflict: refuse; nothing was queued.",
    ja: "同時実行キーが使用中で、タスクが onConflict: refuse のため追加していません。",
  },
  KRT_REQUEST_ID_CONFLICT: {
    en: "The request id was used before with other content.",
    ja: "このリクエスト ID は別の内容で使用済みです。",
  },
  KRT_SETTING_UNKNOWN: { en: "There is no setting of this name.", ja: "この名前の設定はありません。" },
  KRT_SETTING_AMBIGUOUS: {
    en: "The short name ends several settings; write one in full.",
    ja: "省略した名前に当てはまる設定が複数あります。省略せずに指定してください。",
  },
  KRT_SETTING_INVALID: { en: "The text is no value of this setting.", ja: "この設定には使えない値です。" },
  KRT_PROPERTIES_INVALID: {
    en: "A properties file has wrong lines; all are listed, and nothing was stored.",
    ja: "properties ファイルに誤った行があります。すべて列挙し、何も保存していません。",
  },
  KRT_DB_NOT_A_DATABASE: {
    en: "The queue's file or schema holds something else than keruta's tables.",
    ja: "キューのファイルまたはスキーマが keruta のものではありません。",
  },
  KRT_DB_READ_ONLY: {
    en: "The queue's file, directory or server is read-only.",
    ja: "キューのファイル、ディレクトリまたはサーバーが読み取り専用です。",
  },
  KRT_DB_NEWER: {
    en: "A newer keruta made this database; nothing was changed.",
    ja: "より新しい keruta が作ったデータベースです。何も変更していません。",
  },
  KRT_DB_FULL: {
    en: "The disk of the queue is full; the change was not made. Tasks that run go on, and removing tasks makes room.",
    ja: "キューのディスクに空きがなく、変更できませんでした。実行中のタスクは続行します。タスクを削除すると空きが増えます。",
  },
  KRT_DB_BUSY: {
    en: "Another process kept the database locked for too long, or its server had no room; try again.",
    ja: "別のプロセスがデータベースを長くロックしていたか、サーバーに余裕がありませんでした。もう一度実行してください。",
  },
  KRT_DB_NETWORK_FILE_SYSTEM: {
    en: "The queue lies on a network file system, where SQLite's locks do not hold.",
    ja: "キューがネットワークファイルシステム上にあり、SQLite のロックが効きません。",
  },
  KRT_DB_CORRUPT: {
    en: "The database is damaged; `keruta db check` says where, `keruta db restore` brings a backup back.",
    ja: "データベースが壊れています。`keruta db check` で箇所を確認し、`keruta db restore` でバックアップから復元できます。",
  },
  KRT_DB_UNREACHABLE: {
    en: "The database cannot be opened, or the connection to its server was lost; the same command works again when it is back.",
    ja: "データベースを開けないか、サーバーとの接続が切れました。復旧後に同じコマンドを実行できます。",
  },
  KRT_DB_NOT_FOUND: {
    en: "The PostgreSQL server has no database of this name, or no schema on the search path.",
    ja: "PostgreSQL サーバーにこの名前のデータベース、または search_path のスキーマがありません。",
  },
  KRT_DB_UNAUTHORIZED: {
    en: "The PostgreSQL server refuses the user or the password.",
    ja: "PostgreSQL サーバーがユーザーまたはパスワードを拒否しました。",
  },
  KRT_DB_FORBIDDEN: {
    en: "The PostgreSQL user lacks a right on the queue's tables or schema.",
    ja: "PostgreSQL のユーザーに、キューのテーブルまたはスキーマの権限がありません。",
  },
  KRT_DB_CERTIFICATE: {
    en: "There is no TLS connection to the PostgreSQL server as sslmode asks for it; nothing was sent.",
    ja: "sslmode のとおりの TLS 接続が PostgreSQL サーバーとできません。何も送信していません。",
  },
  KRT_DB_UNSUPPORTED: {
    en: "This version cannot use such a queue.",
    ja: "このバージョンが対応していない種類のキューです。",
  },
  KRT_SERVER_UNREACHABLE: {
    en: "keruta's server does not answer, or something else answers at its URL.",
    ja: "keruta のサーバーが応答しないか、その URL で別のものが応答しています。",
  },
  KRT_SERVER_UNAUTHORIZED: {
    en: "The server knows no such token or session, or it has expired or been revoked.",
    ja: "トークンまたはセッションが無効です（存在しない、期限切れ、失効済み）。",
  },
  KRT_SERVER_FORBIDDEN: {
    en: "The token's role or namespaces do not allow this.",
    ja: "トークンのロールまたはネームスペースではこの操作は許可されていません。",
  },
  KRT_SERVER_NOT_FOUND: {
    en: "The server has nothing under this name.",
    ja: "サーバーにこの名前のものはありません。",
  },
  KRT_SERVER_BUSY: {
    en: "Too many requests, or wrong passwords, in a short time; the answer says when to try again.",
    ja: "短時間にリクエストまたはパスワードの誤りが多すぎます。再試行できる時刻は応答にあります。",
  },
  KRT_SERVER_REFUSED: {
    en: "The server refuses the request as it was sent.",
    ja: "サーバーがこのリクエストを受け付けません。",
  },
  KRT_POLICY_REFUSED: {
    en: "A policy setting (keruta.policy.*) does not allow what the task asks for, or it uses what is keruta's own.",
    ja: "タスクの要求がポリシー設定（keruta.policy.*）で許可されていないか、keruta 自身のオブジェクトを使おうとしています。",
  },
  KRT_NAME_TAKEN: { en: "The name is in use already.", ja: "この名前はすでに使われています。" },
  KRT_CLUSTER_NOT_FOUND: {
    en: "No Kubernetes cluster could be found.",
    ja: "Kubernetes クラスターが見つかりません。",
  },
  KRT_CLUSTER_UNREACHABLE: {
    en: "The cluster's API server does not answer, or answers that it cannot work now; trying again may help.",
    ja: "クラスターの API サーバーが応答しないか、今は処理できないと応答しています。時間をおくと成功することがあります。",
  },
  KRT_CLUSTER_CUT: {
    en: "A connection to the cluster broke in the middle; keruta's runner goes on from where it was.",
    ja: "クラスターとの接続が途中で切れました。keruta のランナーは続きから再開します。",
  },
  KRT_CLUSTER_MISMATCH: {
    en: "The task's attempt has its Job on another cluster or in another namespace than this command uses, and nobody drives it.",
    ja: "タスクの試行の Job は、このコマンドの接続先とは別のクラスターまたはネームスペースにあり、担当するドライバーもいません。",
  },
  KRT_CLUSTER_CERTIFICATE: {
    en: "The API server's certificate is not one that the kubeconfig trusts.",
    ja: "API サーバーの証明書が kubeconfig の信頼するものではありません。",
  },
  KRT_CLUSTER_UNAUTHORIZED: {
    en: "The cluster does not accept the user of the kubeconfig: no credentials, wrong ones or expired ones.",
    ja: "クラスターが kubeconfig のユーザーを受け付けません。資格情報がないか、誤っているか、期限切れです。",
  },
  KRT_CLUSTER_FORBIDDEN: {
    en: "The user of the kubeconfig may not do this in the cluster.",
    ja: "kubeconfig のユーザーには、クラスターでこの操作を行う権限がありません。",
  },
  KRT_CLUSTER_CONFLICT: {
    en: "An object of the cluster changed under this request; nothing was changed by it.",
    ja: "操作の対象が別の変更と競合しました。この操作による変更はありません。",
  },
  KRT_CLUSTER_REFUSED: {
    en: "The cluster refused a request, for the reason that it gives.",
    ja: "クラスターが要求を拒否しました。理由はクラスターのメッセージのとおりです。",
  },
  KRT_NAMESPACE_NOT_FOUND: {
    en: "The cluster has no namespace of this name.",
    ja: "クラスターにこの名前のネームスペースがありません。",
  },
  KRT_KUBECONFIG_INVALID: {
    en: "A kubeconfig cannot be used: it cannot be read, names something that it does not have, or its credentials cannot be got.",
    ja: "kubeconfig を使えません。読み込めないか、存在しないものを参照しているか、資格情報を取得できません。",
  },
  KRT_RUNNER_UNSUPPORTED: {
    en: "The runner cannot do what the task asks for.",
    ja: "このランナーではタスクの要求を満たせません。",
  },
  KRT_SECRET_NOT_FOUND: {
    en: "A secret that the task names is missing.",
    ja: "タスクが参照するシークレットがありません。",
  },
  KRT_WORKSPACE: {
    en: "The task's workspace could not be made.",
    ja: "タスクの作業領域を用意できませんでした。",
  },
  KRT_ARTIFACT_REFUSED: {
    en: "An artifact was refused because it would leave its directory, is no regular file, or its entry in the list is not valid.",
    ja: "ディレクトリの外に出る、通常のファイルでない、または一覧の記載が不正なため拒否しました。",
  },
  KRT_ARTIFACT_STREAM: {
    en: "Artifacts did not arrive as they were sent.",
    ja: "成果物が送られたとおりに届きませんでした。",
  },
  KRT_AGENT: { en: "keruta-agent did not do its work.", ja: "keruta-agent が正常に動作しませんでした。" },
  KRT_TIMEOUT: { en: "The time given with --timeout is over.", ja: "--timeout の時間が過ぎました。" },
  KRT_INTERNAL: { en: "A bug in keruta; please report it.", ja: "keruta の不具合です。報告してください。" },
};
