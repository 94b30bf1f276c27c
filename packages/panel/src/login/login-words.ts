import { dictionary } from "../language/dictionary.ts";

export const words = dictionary({
  logIn: { en: "Log in", ja: "ログイン" },
  expired: {
    en: "Your session has ended. Log in to go on where you were.",
    ja: "セッションの有効期限が切れました。ログインすると元の画面に戻ります。",
  },
  name: { en: "User name", ja: "ユーザー名" },
  password: { en: "Password", ja: "パスワード" },
  byToken: { en: "Use a token instead", ja: "トークンでログイン" },
  byPassword: { en: "Use a password instead", ja: "パスワードでログイン" },
  token: { en: "Token", ja: "トークン" },
  tokenHint: {
    en: "Kept in this tab only, until it is closed.",
    ja: "このタブを閉じるまで、このタブの中だけに保持されます。",
  },
  setUp: { en: "Set up keruta", ja: "keruta の初期設定" },
  setUpWhy: {
    en: "Nobody has an account here yet. Make the first one, an administrator's.",
    ja: "まだユーザーがいません。最初の管理者アカウントを作成してください。",
  },
  adminToken: { en: "Administrator's token", ja: "管理者トークン" },
  adminTokenHint: {
    en: "The server showed it at its first start, or wrote it to a file or a Secret and said where.",
    ja: "サーバーの初回起動時に表示されたもの、またはファイルや Secret に書き込まれたものです。",
  },
  makeAccount: { en: "Make the account", ja: "アカウントを作成" },
  unreachable: { en: "The server cannot be reached.", ja: "サーバーに接続できません。" },
});
