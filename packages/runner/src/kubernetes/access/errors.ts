import { codeOf, isKerutaError, KerutaError, type ErrorCode, type Text } from "@keruta/shared/domain";

/** A Kubernetes `v1` Status: how the API says what went wrong. */
export interface Status {
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly details?: {
    readonly name?: string;
    readonly kind?: string;
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly {
      readonly reason?: string;
      readonly message?: string;
      readonly field?: string;
    }[];
  };
}

export interface Refusal {
  readonly server: string;
  /** What was tried, such as "create job". */
  readonly operation: string;
  /** Of HTTP. */
  readonly status: number;
  readonly body: string;
  /** The header of this name, or empty. */
  readonly retryAfter?: string;
}

/** The error for an answer of 400 or above. */
export function refused({ server, operation, status, body, retryAfter }: Refusal): KerutaError {
  const said = parseStatus(body);
  const message = said?.message ?? (body.trim().slice(0, 300) || `HTTP ${String(status)}`);
  const code = answerCodeOf(status, said);
  const seconds = Number(retryAfter || (said?.details?.retryAfterSeconds ?? Number.NaN));
  const details = {
    server,
    operation,
    status,
    reason: said?.reason ?? "",
    ...(said?.details?.causes && { causes: said.details.causes }),
    ...(seconds >= 0 && { retryAfterMs: seconds * 1000 }),
  };
  const hint = code === "KRT_CLUSTER_REFUSED" && operation !== "create job" ? refusedHint : hints[code];
  return new KerutaError(code, sentence(code, operation, server, message), { hint, details });
}

function answerCodeOf(status: number, said: Status | undefined): AnswerCode {
  if (status === 401) return "KRT_CLUSTER_UNAUTHORIZED";
  if (status === 403) return "KRT_CLUSTER_FORBIDDEN";
  if (status === 404 && said?.details?.kind === "namespaces") return "KRT_NAMESPACE_NOT_FOUND";
  if (status === 409) return "KRT_CLUSTER_CONFLICT";
  // An exec's 500s, of which only a kubelet out of reach may heal: there is no container, or not that program.
  if (/container not found|executing command in container/.test(said?.message ?? ""))
    return "KRT_CLUSTER_REFUSED";
  if (status === 429 || status >= 500) return "KRT_CLUSTER_UNREACHABLE";
  return "KRT_CLUSTER_REFUSED";
}

type AnswerCode = Extract<
  ErrorCode,
  | "KRT_CLUSTER_UNAUTHORIZED"
  | "KRT_CLUSTER_FORBIDDEN"
  | "KRT_NAMESPACE_NOT_FOUND"
  | "KRT_CLUSTER_CONFLICT"
  | "KRT_CLUSTER_UNREACHABLE"
  | "KRT_CLUSTER_REFUSED"
>;

function sentence(code: AnswerCode, operation: string, server: string, message: string): Text {
  const said = message.replace(/[.。]$/, "");
  switch (code) {
    case "KRT_CLUSTER_UNAUTHORIZED":
      return {
        en: `The cluster at ${server} does not accept these credentials: ${said}.`,
        ja: `クラスター ${server} が資格情報を受け付けません: ${said}`,
      };
    case "KRT_CLUSTER_UNREACHABLE":
      return {
        en: `The cluster at ${server} cannot ${operation} now: ${said}.`,
        ja: `クラスター ${server} は今 ${operation} を処理できません: ${said}`,
      };
    case "KRT_CLUSTER_FORBIDDEN":
    case "KRT_NAMESPACE_NOT_FOUND":
    case "KRT_CLUSTER_CONFLICT":
    case "KRT_CLUSTER_REFUSED":
      return {
        en: `The cluster refused to ${operation}: ${said}.`,
        ja: `クラスターが ${operation} を拒否しました: ${said}`,
      };
  }
}

const hints: Readonly<Record<AnswerCode, Text>> = {
  KRT_CLUSTER_UNAUTHORIZED: {
    en: "Log in to the cluster again (kubectl get pods shows whether it worked), or choose another context with --context.",
    ja: "クラスターに再度ログインするか（kubectl get pods で確認できます）、--context で別のコンテキストを選んでください。",
  },
  KRT_CLUSTER_UNREACHABLE: {
    en: "Try again in a moment; keruta doctor shows what the cluster answers.",
    ja: "しばらくしてから再度お試しください。クラスターの応答は keruta doctor で確認できます。",
  },
  KRT_CLUSTER_FORBIDDEN: {
    en: "keruta doctor lists the rights that are missing; keruta install --dry-run prints a Role that grants them.",
    ja: "不足している権限は keruta doctor で確認できます。必要な Role は keruta install --dry-run で出力できます。",
  },
  KRT_NAMESPACE_NOT_FOUND: {
    en: "Create it with kubectl create namespace, or choose another one with --namespace.",
    ja: "kubectl create namespace で作成するか、--namespace で別のネームスペースを指定してください。",
  },
  KRT_CLUSTER_CONFLICT: {
    en: "Run the command again: it works from what the cluster has now.",
    ja: "もう一度実行してください。クラスターの現在の状態から処理し直します。",
  },
  KRT_CLUSTER_REFUSED: {
    en: "Change what the message names; keruta render prints the Job that is sent.",
    ja: "メッセージが示す箇所を修正してください。送信する Job は keruta render で確認できます。",
  },
};

const refusedHint: Text = {
  en: "keruta doctor checks the cluster; kubectl describe shows the object that the message names.",
  ja: "クラスターの状態は keruta doctor で、メッセージが示すオブジェクトは kubectl describe で確認できます。",
};

/** The error for a request that got no answer. */
export function unreachable(server: string, cause: unknown): KerutaError {
  const why = causeText(cause);
  if (isCertificateProblem(cause)) {
    return new KerutaError(
      "KRT_CLUSTER_CERTIFICATE",
      {
        en: `The certificate of the cluster at ${server} is not trusted: ${why}.`,
        ja: `クラスター ${server} の証明書を信頼できません: ${why}`,
      },
      {
        cause,
        hint: {
          en: "Check certificate-authority and tls-server-name of this cluster in the kubeconfig.",
          ja: "kubeconfig のこのクラスターの certificate-authority と tls-server-name を確認してください。",
        },
      },
    );
  }
  return new KerutaError(
    "KRT_CLUSTER_UNREACHABLE",
    {
      en: `The cluster at ${server} cannot be reached: ${why}.`,
      ja: `クラスター ${server} に接続できません: ${why}`,
    },
    {
      cause,
      hint: {
        en: "Check that it runs and that this machine reaches it (kubectl cluster-info), or choose another context with --context.",
        ja: "クラスターが起動していて、このマシンから到達できるか確認するか（kubectl cluster-info）、--context で別のコンテキストを選んでください。",
      },
    },
  );
}

/** The error for a connection that broke after it had begun to answer. */
export function cut(server: string, operation: string, cause?: unknown): KerutaError {
  const why = cause === undefined ? "" : `: ${causeText(cause)}`;
  return new KerutaError(
    "KRT_CLUSTER_CUT",
    {
      en: `The connection to the cluster at ${server} broke during ${operation}${why}.`,
      ja: `クラスター ${server} との接続が ${operation} の途中で切れました${why}`,
    },
    {
      ...(cause === undefined ? {} : { cause }),
      hint: {
        en: "Try again; if it breaks again and again, look for a proxy or firewall between here and the cluster that ends long connections.",
        ja: "もう一度お試しください。何度も切れる場合は、長時間の接続を切断するプロキシやファイアウォールが間にないか確認してください。",
      },
    },
  );
}

/** How long the server asks to be left alone. */
export function retryAfterOf(error: unknown): number | undefined {
  const wait = isKerutaError(error) ? error.details?.["retryAfterMs"] : undefined;
  return typeof wait === "number" ? wait : undefined;
}

export function parseStatus(body: string): Status | undefined {
  try {
    const value: unknown = JSON.parse(body);
    // An exec's own has no `kind`.
    const isStatus = typeof value === "object" && value !== null && "status" in value && "metadata" in value;
    return isStatus ? (value as Status) : undefined;
  } catch (error) {
    // A proxy or load balancer answers in its own words.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function causeText(cause: unknown): string {
  if (cause instanceof AggregateError && cause.errors.length > 0) return causeText(cause.errors[0]);
  if (!(cause instanceof Error)) return String(cause);
  return (cause.message || codeOf(cause) || cause.name).replace(/\.$/, "");
}

function isCertificateProblem(cause: unknown): boolean {
  return /^(ERR_TLS_CERT|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(VERIFY|GET_ISSUER))/.test(
    codeOf(cause) ?? "",
  );
}
