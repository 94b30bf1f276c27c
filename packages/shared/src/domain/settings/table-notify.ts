import type { SettingDefinition } from "./definition.ts";

/** Who is told of what. Secrets are no settings: they come from the environment or from files. */
export const notifySettings = [
  {
    key: "keruta.notify.rules",
    type: "string",
    default: "error, failed, deadline to all",
    format: "notifyRules",
    description: {
      en: "Who is told of what: `EVENT, … [of LABELS] to CHANNEL, …`, with ; between rules. Events: error and warn (log records of at least that level), failed, failed(REASON, …), deadline. Channels: email, email:ADDRESS, slack, slack:NAME, webhook, or all that are set up. Empty: nobody.",
      ja: "通知のルール。`イベント, … [of ラベル] to 通知先, …` を ; で区切って並べます。イベントは error・warn（そのレベル以上のログ）、failed、failed(理由, …)、deadline。通知先は email、email:アドレス、slack、slack:名前、webhook、または all（設定済みのすべて）。空なら通知しません。",
    },
  },
  {
    key: "keruta.notify.language",
    type: "enum",
    values: ["server", "en", "ja"],
    default: "server",
    description: {
      en: "Language of messages; server: that of the server's LANG.",
      ja: "通知の言語。server ならサーバーの LANG に従います。",
    },
  },
  {
    key: "keruta.notify.group-window",
    type: "duration",
    default: "1m",
    maximum: 86_400_000,
    description: {
      en: "How long a message about a task's log waits for more of it; a failure or a missed deadline sends it at once.",
      ja: "ログの通知をまとめる時間。失敗と期限超過は待たずに（それまでのログと合わせて）送ります。",
    },
  },
  {
    key: "keruta.notify.rate-limit",
    type: "integer",
    default: "20",
    minimum: 1,
    maximum: 10_000,
    description: {
      en: "Messages a channel gets within keruta.notify.rate-window; the last one sums up all that would be too many.",
      ja: "1 つの通知先に keruta.notify.rate-window の間に送る件数の上限。超える分は最後の 1 件にまとめます。",
    },
  },
  {
    key: "keruta.notify.rate-window",
    type: "duration",
    default: "10m",
    minimum: 1000,
    maximum: 86_400_000,
    description: {
      en: "Time in which keruta.notify.rate-limit counts.",
      ja: "keruta.notify.rate-limit を数える時間。",
    },
  },
  {
    key: "keruta.notify.give-up-after",
    type: "duration",
    default: "1d",
    minimum: 1000,
    description: {
      en: "How long a message is tried again where its receiver is away.",
      ja: "送信先に届かないとき、再送を続ける時間。",
    },
  },
  {
    key: "keruta.notify.log-lines",
    type: "integer",
    default: "5",
    maximum: 50,
    description: {
      en: "How many of the first log lines a message quotes; 0: none.",
      ja: "通知に載せるログの先頭の行数。0 なら載せません。",
    },
  },
  {
    key: "keruta.notify.task-link",
    type: "string",
    default: "",
    format: "linkTemplate",
    description: {
      en: "URL of a task's page, with {id} for its id, as in https://keruta.example.com/tasks/{id}; empty: messages name the command instead.",
      ja: "タスクのページの URL。ID の位置に {id} を書きます（例 https://keruta.example.com/tasks/{id}）。空なら代わりにコマンドを載せます。",
    },
  },
  {
    key: "keruta.notify.email.host",
    type: "string",
    default: "",
    format: "hostName",
    description: {
      en: "SMTP server; empty: no email. The password of keruta.notify.email.user comes from KERUTA_NOTIFY_SMTP_PASSWORD or the file that KERUTA_NOTIFY_SMTP_PASSWORD_FILE names.",
      ja: "SMTP サーバー。空ならメールを送りません。keruta.notify.email.user のパスワードは KERUTA_NOTIFY_SMTP_PASSWORD または KERUTA_NOTIFY_SMTP_PASSWORD_FILE のファイルから読みます。",
    },
  },
  {
    key: "keruta.notify.email.port",
    type: "integer",
    default: "587",
    minimum: 1,
    maximum: 65_535,
    description: { en: "Its port: 587, 465 for tls, 25.", ja: "そのポート（587、tls なら 465、25 など）。" },
  },
  {
    key: "keruta.notify.email.security",
    type: "enum",
    values: ["starttls", "tls", "none"],
    default: "starttls",
    description: {
      en: "starttls: nothing is sent before TLS; tls: from the first byte; none: in the clear, and without a login.",
      ja: "starttls: TLS に切り替えてから送信。tls: 最初から TLS。none: 平文（ログインは不可）。",
    },
  },
  {
    key: "keruta.notify.email.user",
    type: "string",
    default: "",
    description: {
      en: "Who logs in there; empty: nobody.",
      ja: "ログインするユーザー名。空ならログインしません。",
    },
  },
  {
    key: "keruta.notify.email.from",
    type: "string",
    default: "",
    format: "mailAddress",
    description: {
      en: "Sender; empty: the first address of keruta.notify.email.to.",
      ja: "送信元アドレス。空なら keruta.notify.email.to の先頭のアドレス。",
    },
  },
  {
    key: "keruta.notify.email.to",
    type: "list",
    default: "",
    format: "mailAddress",
    description: { en: "Receivers of the channel email.", ja: "通知先 email の宛先。" },
  },
  {
    key: "keruta.notify.webhook.url",
    type: "string",
    default: "",
    format: "httpUrl",
    description: {
      en: "Where the channel webhook POSTs events as JSON, signed as Standard Webhooks are with KERUTA_NOTIFY_WEBHOOK_SECRET (or …_FILE); empty: none. Slack's URL is a secret: KERUTA_NOTIFY_SLACK_WEBHOOK_URL (or …_FILE), of slack:NAME KERUTA_NOTIFY_SLACK_WEBHOOK_URL_NAME.",
      ja: "通知先 webhook の URL。イベントの JSON を、KERUTA_NOTIFY_WEBHOOK_SECRET（または …_FILE）で Standard Webhooks 形式の署名を付けて POST します。空なら無効。Slack の URL は秘密なので KERUTA_NOTIFY_SLACK_WEBHOOK_URL（または …_FILE）に、slack:名前 の URL は KERUTA_NOTIFY_SLACK_WEBHOOK_URL_名前 に置きます。",
    },
  },
  {
    key: "keruta.notify.allowed-hosts",
    type: "list",
    default: "",
    format: "allowedHosts",
    description: {
      en: "Hosts and ranges that webhooks may reach although they are private, or speak plain http. All others are reached over https and at public addresses only.",
      ja: "プライベートなアドレスや http であっても、Webhook の送信を許可するホストと範囲。それ以外には、https で公開アドレスにだけ送信します。",
    },
  },
] as const satisfies readonly SettingDefinition[];
