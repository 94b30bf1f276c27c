import type { SettingDefinition } from "./definition.ts";

const day = 86_400_000;

export const outputSettings = [
  {
    key: "keruta.git.image",
    type: "string",
    default: "alpine/git",
    description: { en: "Image of the container that clones.", ja: "クローンを行うコンテナのイメージ。" },
  },
  {
    key: "keruta.git.url",
    type: "string",
    default: "",
    format: "repositoryUrl",
    description: {
      en: "Repository of tasks that name none; empty: nothing is cloned.",
      ja: "リポジトリを指定しないタスクのリポジトリ。空なら何もクローンしません。",
    },
  },
  {
    key: "keruta.git.ref",
    type: "string",
    default: "",
    description: {
      en: "Branch, tag or commit where a task names none; empty: the repository's own default.",
      ja: "タスクに指定がないときのブランチ・タグ・コミット。空ならリポジトリの既定です。",
    },
  },
  {
    key: "keruta.git.path",
    type: "string",
    default: "/workspace",
    format: "absolutePath",
    description: {
      en: "Directory of the clone, and the command's working directory.",
      ja: "クローン先のディレクトリ。コマンドの作業ディレクトリにもなります。",
    },
  },
  {
    key: "keruta.git.secret",
    type: "secret",
    default: "",
    description: {
      en: "Secret with the credentials of repositories whose task names none.",
      ja: "タスクに指定がないときに使う、リポジトリの認証情報を持つ Secret。",
    },
  },
  {
    key: "keruta.artifacts.store",
    type: "string",
    default: "",
    description: {
      en: "Directory of collected artifacts; empty: one in keruta's state directory.",
      ja: "成果物の保存先ディレクトリ。空なら keruta の状態ディレクトリの中です。",
    },
  },
  {
    key: "keruta.artifacts.max-bytes",
    type: "bytes",
    default: "100Mi",
    minimum: 1,
    description: {
      en: "Largest single artifact, for tasks that say nothing else.",
      ja: "タスクに指定がないときの、成果物 1 ファイルの上限。",
    },
  },
  {
    key: "keruta.artifacts.max-total-bytes",
    type: "bytes",
    default: "1Gi",
    minimum: 1,
    description: {
      en: "All artifacts of one attempt together.",
      ja: "1 回の試行で集める成果物の合計の上限。",
    },
  },
  {
    key: "keruta.artifacts.retention",
    type: "duration",
    default: "30d",
    minimum: day / 24,
    description: {
      en: "How long artifacts are kept, for tasks that say nothing else.",
      ja: "タスクに指定がないときの、成果物の保存期間。",
    },
  },
  {
    key: "keruta.tasks.retention",
    type: "duration",
    default: "365d",
    minimum: 0,
    description: {
      en: "How long tasks are kept after their end; 0s: for ever. What a task asks to keep keeps the task.",
      ja: "終了したタスクの保存期間。0s なら無期限です。ログや成果物を保存している間は残ります。",
    },
  },
  {
    key: "keruta.artifacts.transport",
    type: "enum",
    values: ["exec", "api"],
    default: "exec",
    description: {
      en: "How artifacts leave the Pod: over exec, or, where that is forbidden, by an upload of the Pod's to the server of keruta.agent.api-url; the server goes by what is stored here.",
      ja: "成果物を Pod から取り出す方法。exec が禁止されている環境では api を使うと、Pod が keruta.agent.api-url のサーバーへアップロードします。サーバーはデータベースに保存された値に従います。",
    },
  },
] as const satisfies readonly SettingDefinition[];
