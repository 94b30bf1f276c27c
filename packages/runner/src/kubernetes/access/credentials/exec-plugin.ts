import { execFile } from "node:child_process";
import { codeOf, type Text } from "@keruta/shared/domain";
import type { AccessDeps } from "../deps.ts";
import { invalidKubeconfig } from "../kubeconfig/invalid-kubeconfig.ts";
import type { ClusterEntry, ExecEntry } from "../kubeconfig/kubeconfig.ts";
import { readFileOrData } from "../kubeconfig/read-file-or-data.ts";
import { withAuthorization, type Credentials, type Identity } from "./identity.ts";

/** A plugin that asks a browser may take its time; one that hangs must not hang keruta. */
const patienceMs = 120_000;
/** Renewed this long before it expires, so that no request sets out with a credential that dies on the way. */
const earlyMs = 10_000;
const maxBuffer = 1024 * 1024;

interface ExecStatus {
  readonly token?: string;
  readonly clientCertificateData?: string;
  readonly clientKeyData?: string;
  readonly expirationTimestamp?: string;
}

/** Credentials that a program prints (`client.authentication.k8s.io`), kept until they expire or are refused. */
export function createExecPlugin(
  entry: ExecEntry,
  cluster: ClusterEntry,
  base: Identity,
  place: string,
  deps: Pick<AccessDeps, "env" | "clock">,
): Credentials {
  let held: { readonly identity: Identity; readonly until: number } | undefined;
  let running: Promise<Identity> | undefined;

  async function ask(): Promise<Identity> {
    const info = await execInfo(entry, cluster, place);
    const env = { ...deps.env, ...entry.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) };
    const status = readAnswer(await run(entry, env, place), entry, place);
    const identity: Identity = {
      ...base,
      certificate: status.clientCertificateData ?? base.certificate,
      key: status.clientKeyData ?? base.key,
    };
    const expires = Date.parse(status.expirationTimestamp ?? "");
    held = {
      identity: status.token === undefined ? identity : withAuthorization(identity, `Bearer ${status.token}`),
      until: Number.isNaN(expires) ? Number.POSITIVE_INFINITY : expires - earlyMs,
    };
    return held.identity;
  }

  return {
    async identity() {
      if (held !== undefined && deps.clock() < held.until) return held.identity;
      running ??= ask().finally(() => {
        running = undefined;
      });
      return running;
    },
    renew() {
      held = undefined;
      return true;
    },
  };
}

async function execInfo(entry: ExecEntry, cluster: ClusterEntry, place: string): Promise<object> {
  const authority = entry.provideClusterInfo ? await readFileOrData(cluster.authority, place) : undefined;
  return {
    apiVersion: entry.apiVersion,
    kind: "ExecCredential",
    spec: {
      interactive: false,
      ...(entry.provideClusterInfo && {
        cluster: {
          server: cluster.server,
          ...(authority !== undefined && {
            "certificate-authority-data": Buffer.from(authority).toString("base64"),
          }),
          ...(cluster.insecure && { "insecure-skip-tls-verify": true }),
          ...(cluster.serverName !== undefined && { "tls-server-name": cluster.serverName }),
          ...(cluster.proxyUrl !== undefined && { "proxy-url": cluster.proxyUrl }),
        },
      }),
    },
  };
}

function run(entry: ExecEntry, env: NodeJS.ProcessEnv, place: string): Promise<string> {
  if (entry.interactiveMode === "Always") {
    throw failed(entry, place, {
      en: "it wants a terminal (interactiveMode: Always), which keruta does not give it",
      ja: "端末での対話（interactiveMode: Always）が必要ですが、keruta は対応していません",
    });
  }
  return new Promise((resolve, reject) => {
    const options = { env, timeout: patienceMs, maxBuffer, windowsHide: true };
    const child = execFile(entry.command, [...entry.args], options, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const words = stderr.trim().slice(-500) || (error.killed ? "no answer in 2 minutes" : error.message);
      reject(failed(entry, place, { en: words, ja: words }, error));
    });
    child.stdin?.end();
  });
}

/** What it printed is never quoted: it is a secret. */
function readAnswer(stdout: string, entry: ExecEntry, place: string): ExecStatus {
  let answer: { readonly kind?: unknown; readonly status?: ExecStatus } | null;
  try {
    answer = JSON.parse(stdout) as typeof answer;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw failed(entry, place, { en: "it printed no JSON", ja: "JSON を出力しませんでした" });
  }
  const status = answer?.kind === "ExecCredential" ? answer.status : undefined;
  if (status?.token === undefined && status?.clientCertificateData === undefined) {
    throw failed(entry, place, {
      en: "it printed no ExecCredential with a token or a certificate",
      ja: "トークンや証明書を含む ExecCredential を出力しませんでした",
    });
  }
  return status;
}

function failed(entry: ExecEntry, place: string, why: Text, cause?: unknown) {
  const isMissing = codeOf(cause) === "ENOENT";
  const words: Text = isMissing
    ? { en: "the program is not there", ja: "プログラムが見つかりません" }
    : { en: why.en.replace(/\.$/, ""), ja: why.ja };
  const hint = entry.installHint?.trim();
  return invalidKubeconfig(
    place,
    {
      en: `its credential plugin ${entry.command} failed: ${words.en}`,
      ja: `資格情報プラグイン ${entry.command} が失敗しました: ${words.ja}`,
    },
    {
      // Any other error has the whole command line, in which there may be a secret.
      ...(isMissing && { cause }),
      hint: hint
        ? { en: hint, ja: hint }
        : {
            en: "Log in with the tool that made this kubeconfig; kubectl get pods shows whether it worked.",
            ja: "この kubeconfig を作成したツールでログインし直してください。kubectl get pods で確認できます。",
          },
    },
  );
}
