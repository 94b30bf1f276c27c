import type { Command } from "commander";
import { addOptions, createCommand } from "../../command-line/command.ts";
import { durationValue, integerValue } from "../../command-line/values.ts";
import type { Context } from "../../context/context.ts";
import { usageError } from "../../errors/usage.ts";
import { runServe } from "./run-serve.ts";

export interface ServeCommandOptions {
  readonly context: Context;
  readonly host: string;
  readonly port: number;
  /** Files in PEM. */
  readonly tls: { readonly certificate: string; readonly key: string } | null;
  readonly tlsInFront: boolean;
  /** Where the first administrator's token goes; undefined: the terminal, else a file of the state directory. */
  readonly adminTokenFile: string | undefined;
  /** A Secret of the cluster instead, as NAME or NAMESPACE/NAME. */
  readonly adminTokenSecret: string | undefined;
  /** Milliseconds that running requests have at a stop, and attempts until they are handed over. */
  readonly grace: number;
  /** null: others drive. */
  readonly worker: { readonly concurrency: number | undefined } | null;
}

interface Flags {
  readonly listen?: { readonly host: string; readonly port: number };
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsInFront?: boolean;
  readonly adminTokenFile?: string;
  readonly adminTokenSecret?: string;
  readonly grace?: number;
  readonly worker?: boolean;
  readonly concurrency?: number;
}

export function serveCommand(context: Context, run = runServe): Command {
  const command = createCommand(context, {
    name: "serve",
    examples: [
      {
        line: "keruta serve",
        text: { en: "on this machine alone, port 8080", ja: "このマシンだけに公開（ポート 8080）" },
      },
      {
        line: "keruta serve --listen 0.0.0.0:8443 --tls-cert tls.crt --tls-key tls.key",
        text: { en: "for others, with TLS", ja: "TLS を使って公開" },
      },
      {
        line: "keruta serve --db postgres://keruta@db/keruta --listen 0.0.0.0:8080 --tls-in-front",
        text: {
          en: "behind a proxy that does TLS, over PostgreSQL",
          ja: "TLS プロキシの背後で、PostgreSQL を使う",
        },
      },
    ],
  });
  addOptions(context, command, [
    {
      flags: "--listen <host:port>",
      text: {
        en: "where to listen (default 127.0.0.1:8080)",
        ja: "待ち受けるアドレス（既定 127.0.0.1:8080）",
      },
      parse: parseAddress,
    },
    { flags: "--tls-cert <file>", text: { en: "certificate chain, PEM", ja: "証明書チェーン（PEM）" } },
    { flags: "--tls-key <file>", text: { en: "its private key, PEM", ja: "秘密鍵（PEM）" } },
    {
      flags: "--tls-in-front",
      text: {
        en: "something in front does TLS, and is believed about who calls",
        ja: "手前で TLS を終端しており、接続元の情報も信頼する",
      },
    },
    {
      flags: "--admin-token-file <file>",
      text: {
        en: "where the first administrator's token is written (default: shown on a terminal)",
        ja: "最初の管理者トークンの書き出し先（既定: 端末に表示）",
      },
    },
    {
      flags: "--admin-token-secret <name>",
      text: {
        en: "put it into this Secret of the cluster instead: NAME where tasks run, or NAMESPACE/NAME",
        ja: "代わりに、クラスターのこの Secret に書き込む（タスクと同じネームスペースの NAME、または NAMESPACE/NAME）",
      },
    },
    {
      flags: "--grace <duration>",
      text: {
        en: "how long requests and tasks may go on after a SIGTERM (default 10s)",
        ja: "SIGTERM 後、処理中のリクエストと実行中のタスクを待つ時間（既定 10s）",
      },
      parse: durationValue("--grace"),
    },
    {
      flags: "--worker",
      text: {
        en: "drive tasks too, as `keruta worker` does",
        ja: "`keruta worker` と同じくタスクも実行する",
      },
    },
    {
      flags: "--concurrency <n>",
      text: {
        en: "of that worker (default: setting keruta.worker.concurrency)",
        ja: "そのワーカーの同時実行数（既定: 設定 keruta.worker.concurrency）",
      },
      parse: integerValue("--concurrency", 1, 1000),
    },
  ]);
  return command.action(async (_: unknown, self: Command) => {
    const flags = self.optsWithGlobals<Flags>();
    const { host, port } = flags.listen ?? { host: "127.0.0.1", port: 8080 };
    await run({
      context,
      host,
      port,
      tls: tlsOf(flags),
      tlsInFront: flags.tlsInFront ?? false,
      adminTokenFile: flags.adminTokenFile,
      adminTokenSecret: flags.adminTokenSecret,
      grace: flags.grace ?? 10_000,
      worker: workerOf(flags),
    });
  });
}

function parseAddress(text: string): { readonly host: string; readonly port: number } {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host !== undefined && port !== undefined && Number(port) <= 65_535) {
    return { host: host === "" ? "0.0.0.0" : host, port: Number(port) };
  }
  throw usageError({
    en: `--listen must be HOST:PORT, not "${text}".`,
    ja: `--listen は HOST:PORT の形で指定します。「${text}」は使えません。`,
  });
}

function workerOf({ worker, concurrency }: Flags): ServeCommandOptions["worker"] {
  if (worker === true) return { concurrency };
  if (concurrency === undefined) return null;
  throw usageError(
    {
      en: "--concurrency is of a worker, and without --worker there is none here.",
      ja: "--concurrency はワーカーの指定ですが、--worker がないためワーカーは動きません。",
    },
    { en: "Add --worker.", ja: "--worker を付けてください。" },
  );
}

function tlsOf({ tlsCert, tlsKey }: Flags): ServeCommandOptions["tls"] {
  if (tlsCert === undefined && tlsKey === undefined) return null;
  if (tlsCert !== undefined && tlsKey !== undefined) return { certificate: tlsCert, key: tlsKey };
  throw usageError({
    en: "--tls-cert and --tls-key belong together.",
    ja: "--tls-cert と --tls-key は一緒に指定してください。",
  });
}
