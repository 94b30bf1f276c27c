import type { CommandEntry } from "../command-line/entry.ts";

/** What keeps a queue for others: the API server, its tokens and its people. */
export const serverEntries: readonly CommandEntry[] = [
  {
    name: "serve",
    summary: { en: "Serve the queue to others over HTTP", ja: "キューを HTTP API で公開する" },
    load: async () => (await import("../commands/serve/serve.ts")).serveCommand,
  },
  {
    name: "notify",
    summary: {
      en: "Test the channels of notifications, list what was sent",
      ja: "通知先のテストと、送信した通知の一覧",
    },
    examples: [
      {
        line: "keruta notify test",
        text: { en: "send a test to every channel", ja: "すべての通知先に試しに送る" },
      },
      {
        line: "keruta notify list",
        text: { en: "what was sent, and what was refused", ja: "送信した通知と拒否された通知" },
      },
    ],
    commands: [
      {
        name: "test",
        summary: { en: "Send a test to channels", ja: "通知先にテストを送る" },
        load: async () => (await import("../commands/notify/test.ts")).notifyTestCommand,
      },
      {
        name: "list",
        summary: {
          en: "List messages: sent, waiting and failed",
          ja: "送信済み・送信待ち・失敗した通知を一覧する",
        },
        load: async () => (await import("../commands/notify/list.ts")).notifyListCommand,
      },
    ],
  },
  {
    name: "token",
    summary: { en: "Make, list and revoke tokens of the API", ja: "API トークンの作成・一覧・失効" },
    examples: [
      {
        line: "keruta token create ci --role operator --expires 90d",
        text: { en: "for a pipeline, for 90 days", ja: "CI 用に 90 日間" },
      },
      {
        line: "keruta token list",
        text: { en: "which there are, and until when", ja: "トークンと期限の一覧" },
      },
    ],
    commands: [
      {
        name: "create",
        summary: { en: "Make a token; it is shown once", ja: "トークンを作成する（表示は 1 回だけ）" },
        load: async () => (await import("../commands/token/create.ts")).tokenCreateCommand,
      },
      {
        name: "list",
        summary: { en: "List tokens", ja: "トークンを一覧する" },
        load: async () => (await import("../commands/token/list.ts")).tokenListCommand,
      },
      {
        name: "revoke",
        summary: { en: "Make tokens worth nothing", ja: "トークンを失効させる" },
        load: async () => (await import("../commands/token/revoke.ts")).tokenRevokeCommand,
      },
    ],
  },
  {
    name: "user",
    summary: { en: "Add, list and change the panel's people", ja: "パネルのユーザーの追加・一覧・変更" },
    commands: [
      {
        name: "add",
        summary: { en: "Add a person", ja: "ユーザーを追加する" },
        load: async () => (await import("../commands/user/add.ts")).userAddCommand,
      },
      {
        name: "list",
        summary: { en: "List people", ja: "ユーザーを一覧する" },
        load: async () => (await import("../commands/user/list.ts")).userListCommand,
      },
      {
        name: "update",
        summary: {
          en: "Change a person's role or namespaces; ends their sessions",
          ja: "ロールやネームスペースを変更する（セッションは終了）",
        },
        load: async () => (await import("../commands/user/update.ts")).userUpdateCommand,
      },
      {
        name: "password",
        summary: {
          en: "Give a person a new password; ends their sessions",
          ja: "パスワードを変更する（セッションは終了）",
        },
        load: async () => (await import("../commands/user/password.ts")).userPasswordCommand,
      },
      {
        name: "remove",
        summary: { en: "Remove people; ends their sessions", ja: "ユーザーを削除する（セッションは終了）" },
        load: async () => (await import("../commands/user/remove.ts")).userRemoveCommand,
      },
    ],
  },
];
