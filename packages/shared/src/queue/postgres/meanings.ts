import type { ErrorCode } from "../../domain/error.ts";
import type { Text } from "../../domain/text.ts";

interface Sentence {
  /** {NAME}, {PLACE}, {USER}, {DATABASE}, the server's {WORDS} and the {OUTCOME} of a change are filled in. */
  readonly fact: Text;
  readonly hint: Text;
}

interface Meaning extends Sentence {
  readonly codes: RegExp;
  readonly code: ErrorCode;
  /** Whether the same call may succeed later, with nothing changed by the caller. */
  readonly transient: boolean;
  /** Where it is not known whether a change was stored. */
  readonly unknown?: Sentence;
}

const lookAndRetry: Text = {
  en: "Look with `keruta list` or `keruta show ID` what is stored, and try again.",
  ja: "`keruta list` や `keruta show ID` で保存されたか確認してから、もう一度実行してください。",
};

export const meanings: readonly Meaning[] = [
  {
    codes: /^(CONNECTION_LOST|NO_ANSWER|ECONNRESET|EPIPE|ETIMEDOUT|08|57P0[1245]|25P0[34])/,
    code: "KRT_DB_UNREACHABLE",
    transient: true,
    fact: {
      en: "The connection to {NAME} was lost ({WORDS}){OUTCOME}.",
      ja: "{NAME} との接続が切れました: {WORDS}{OUTCOME}。",
    },
    hint: {
      en: "Try again; `pg_isready` tells whether the server is back.",
      ja: "もう一度実行してください。サーバーの状態は `pg_isready` で確認できます。",
    },
    unknown: {
      fact: {
        en: "The connection to {NAME} was lost ({WORDS}) while a change was being stored: whether it was is not known.",
        ja: "変更を保存している間に {NAME} との接続が切れました（{WORDS}）。保存されたかどうかは分かりません。",
      },
      hint: lookAndRetry,
    },
  },
  {
    codes:
      /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL|ENOENT|EACCES|CONNECT_TIMEOUT|57P03)/,
    code: "KRT_DB_UNREACHABLE",
    transient: true,
    fact: {
      en: "The database {NAME} cannot be reached ({WORDS}).",
      ja: "データベース {NAME} に接続できません（{WORDS}）。",
    },
    hint: {
      en: "Check host and port in KERUTA_DB and that the server runs there (`pg_isready`), and try again.",
      ja: "KERUTA_DB のホストとポート、サーバーが動いているか（`pg_isready`）を確認して、もう一度実行してください。",
    },
  },
  {
    codes: /^(28P01|NO_PASSWORD)$/,
    code: "KRT_DB_UNAUTHORIZED",
    transient: false,
    fact: {
      en: "The server at {PLACE} does not take the password of user {USER}, or none was given.",
      ja: "{PLACE} のサーバーがユーザー {USER} のパスワードを受け付けません（または指定がありません）。",
    },
    hint: {
      en: "Put the right one into KERUTA_DB, PGPASSWORD, or a file of mode 0600 that PGPASSFILE names.",
      ja: "正しいパスワードを KERUTA_DB、PGPASSWORD、または PGPASSFILE のファイル（モード 0600）に設定してください。",
    },
  },
  {
    codes: /^28/,
    code: "KRT_DB_UNAUTHORIZED",
    transient: false,
    fact: {
      en: "The server at {PLACE} does not let user {USER} into database {DATABASE}: {WORDS}.",
      ja: "{PLACE} のサーバーがユーザー {USER} のデータベース {DATABASE} への接続を拒否しました: {WORDS}。",
    },
    hint: {
      en: "Check the user, and sslmode where the server wants TLS; its administrator sets the rules in pg_hba.conf.",
      ja: "ユーザー名と、TLS が必要なら sslmode を確認してください。規則はサーバーの pg_hba.conf にあります。",
    },
  },
  {
    codes: /^(3D000|3F000)$/,
    code: "KRT_DB_NOT_FOUND",
    transient: false,
    fact: {
      en: "The server at {PLACE} has no such place for the queue: {WORDS}.",
      ja: "{PLACE} のサーバーにキューの場所がありません: {WORDS}。",
    },
    hint: {
      en: "Make it with `createdb`, or name another database in KERUTA_DB; keruta makes its tables itself.",
      ja: "`createdb` で作るか、KERUTA_DB で別のデータベースを指定してください。テーブルは keruta が作ります。",
    },
  },
  {
    codes:
      /^(NO_TLS$|ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|EPROTO)/,
    code: "KRT_DB_CERTIFICATE",
    transient: false,
    fact: {
      en: "There is no TLS connection to the server at {PLACE} as sslmode asks for it ({WORDS}).",
      ja: "{PLACE} のサーバーと、sslmode のとおりの TLS 接続ができません（{WORDS}）。",
    },
    hint: {
      en: "Name the right authority with sslrootcert, the server by the name in its certificate, or another sslmode.",
      ja: "sslrootcert に正しい認証局、ホストに証明書の名前を指定するか、sslmode を変更してください。",
    },
  },
  {
    codes: /^42501$/,
    code: "KRT_DB_FORBIDDEN",
    transient: false,
    fact: {
      en: "User {USER} lacks a right on {NAME}: {WORDS}.",
      ja: "ユーザー {USER} には {NAME} での権限がありません: {WORDS}。",
    },
    hint: {
      en: "Let the owner grant it; to make its tables keruta needs `grant create, usage on schema …`.",
      ja: "所有者に権限の付与を依頼してください。テーブルの作成には `grant create, usage on schema …` が必要です。",
    },
  },
  {
    codes: /^25006$/,
    code: "KRT_DB_READ_ONLY",
    transient: false,
    fact: {
      en: "The database {NAME} is read-only: a standby, or set so.",
      ja: "データベース {NAME} は読み取り専用です（スタンバイ、または設定による）。",
    },
    hint: {
      en: "Name the primary server in KERUTA_DB.",
      ja: "KERUTA_DB でプライマリーサーバーを指定してください。",
    },
  },
  {
    codes: /^(55P03|57014|53[234]|NO_FREE_CONNECTION|40001|40P01|23505|OUTDATED)/,
    code: "KRT_DB_BUSY",
    transient: true,
    fact: {
      en: "The database {NAME} was too busy for longer than keruta waits ({WORDS}){OUTCOME}.",
      ja: "データベース {NAME} が混雑したまま、待ち時間を過ぎました: {WORDS}{OUTCOME}。",
    },
    hint: {
      en: "Try again; `select * from pg_stat_activity` shows who holds it up.",
      ja: "もう一度実行してください。原因は `select * from pg_stat_activity` で調べられます。",
    },
  },
  {
    codes: /^53100$/,
    code: "KRT_DB_FULL",
    transient: false,
    fact: {
      en: "There is no space left for {NAME} ({WORDS}){OUTCOME}.",
      ja: "{NAME} のディスクに空きがありません: {WORDS}{OUTCOME}。",
    },
    hint: {
      en: "Free some space on the server and try again.",
      ja: "サーバーに空きを作って、もう一度実行してください。",
    },
  },
  {
    codes: /^(XX001|XX002)$/,
    code: "KRT_DB_CORRUPT",
    transient: false,
    fact: {
      en: "The database {NAME} is damaged: {WORDS}.",
      ja: "データベース {NAME} が壊れています: {WORDS}。",
    },
    hint: {
      en: "Go back to a dump or a base backup of the server.",
      ja: "サーバーのダンプまたはベースバックアップから復元してください。",
    },
  },
  {
    codes: /^42P01$/,
    code: "KRT_DB_NOT_A_DATABASE",
    transient: false,
    fact: {
      en: "Tables of keruta are gone from {NAME}: {WORDS}.",
      ja: "{NAME} から keruta のテーブルがなくなっています: {WORDS}。",
    },
    hint: {
      en: "Restore them from a dump with `pg_restore`, or name another database in KERUTA_DB.",
      ja: "`pg_restore` でダンプから復元するか、KERUTA_DB で別のデータベースを指定してください。",
    },
  },
];
