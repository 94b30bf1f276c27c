import { apiVersion } from "../../domain/task/task.ts";
import { retryNames } from "../../domain/attempt/retry-word.ts";
import {
  maxAttempts,
  maxConcurrencyLimit,
  maxKeyCharacters,
  maxRestarts,
  priorityRange,
} from "../../domain/task/limits.ts";
import { conflictPolicies, runnerNames } from "../../domain/task/spec.ts";
import { list, map, object, words, type Rule, type TextRule } from "./rule.ts";
import {
  absolutePath,
  anyText,
  artifactPath,
  dataKey,
  dnsLabel,
  duration,
  environmentName,
  flag,
  image,
  instant,
  integer,
  labelKey,
  labelValue,
  objectName,
  optional,
  positiveDuration,
  quantity,
  size,
} from "./values.ts";
import { volume } from "./volume.ts";

const largestUserId = 2_147_483_647;

const texts = { en: "a list of texts such as [make, docs]", ja: "[make, docs] のような文字列のリスト" };
const namesToTexts = { en: "a mapping of names to texts", ja: "名前と文字列の組（マッピング）" };

const repository = object({
  url: optional(anyText),
  ref: optional(anyText),
  depth: integer(0, 1_000_000_000),
  path: optional(absolutePath),
  secret: optional(objectName),
  submodules: flag,
  clean: flag,
});

const amounts = map(labelKey, quantity, { en: "resources and their amounts", ja: "リソース名と量の組" });

const retryWord: Rule = {
  kind: "anyOf",
  expects: {
    en: "a category (infrastructure, start, command …), a reason such as OOMKilled, or an exit code from 1 to 255",
    ja: "分類（infrastructure、start、command など）、OOMKilled などの理由、または 1～255 の終了コード",
  },
  rules: [words(...retryNames), integer(1, 255)],
};

const toleration = object({
  key: optional(labelKey),
  operator: words("Exists", "Equal"),
  value: labelValue,
  effect: words("NoSchedule", "PreferNoSchedule", "NoExecute"),
  tolerationSeconds: integer(0, Number.MAX_SAFE_INTEGER),
});

const concurrencyKey: TextRule = {
  kind: "text",
  emptyAllowed: true,
  pattern: "(?!pvc:)[^\\0]*",
  maxCharacters: maxKeyCharacters,
  expects: {
    en: `a text of at most ${String(maxKeyCharacters)} characters that does not begin with pvc:`,
    ja: `pvc: で始まらない ${String(maxKeyCharacters)} 文字以内の文字列`,
  },
};

const userId = integer(0, largestUserId);

export const specRule = object(
  {
    image: optional(image),
    imagePullPolicy: words("Always", "IfNotPresent", "Never"),
    command: list(anyText, texts),
    args: list(anyText, texts),
    script: anyText,
    env: map(environmentName, anyText, namesToTexts),
    secretEnv: map(
      environmentName,
      object({ secret: objectName, key: dataKey }, { required: ["secret", "key"] }),
      { en: "a mapping of names to { secret, key }", ja: "名前と { secret, key } の組（マッピング）" },
    ),
    repository,
    volumes: list(volume, { en: "a list of volumes", ja: "ボリュームのリスト" }),
    resources: object({ requests: amounts, limits: amounts }),
    artifacts: object({
      paths: list(artifactPath, {
        en: "a list of paths such as [out/**], from the workspace on or absolute",
        ja: "[out/**] のようなパスのリスト（ワークスペースからの相対または絶対）",
      }),
      maxBytes: size,
      required: flag,
    }),
    timeout: optional(positiveDuration),
    pendingTimeout: optional(positiveDuration),
    retry: object({
      attempts: integer(1, maxAttempts),
      on: list(retryWord, {
        en: "a list of words such as [infrastructure]",
        ja: "[infrastructure] のような語のリスト",
      }),
      backoff: optional(duration),
    }),
    restartPolicy: words("Never", "OnFailure"),
    restarts: integer(0, maxRestarts),
    runner: words(...runnerNames),
    agent: words("inject", "image", "none"),
    namespace: optional(dnsLabel),
    serviceAccount: optional(objectName),
    runAsUser: userId,
    runAsGroup: userId,
    fsGroup: userId,
    nodeSelector: map(labelKey, labelValue, namesToTexts),
    tolerations: list(toleration, { en: "a list of tolerations", ja: "toleration のリスト" }),
    imagePullSecrets: list(objectName, { en: "a list of names of Secrets", ja: "Secret 名のリスト" }),
    securityProfile: words("baseline", "restricted"),
    concurrency: object({
      key: concurrencyKey,
      limit: integer(1, maxConcurrencyLimit),
      onConflict: words(...conflictPolicies),
    }),
    notBefore: optional(instant),
    deadline: optional(instant),
    hold: flag,
    retention: object({ logs: optional(positiveDuration), artifacts: optional(positiveDuration) }),
  },
  {
    published: {
      not: {
        required: ["command", "script"],
        properties: { command: { type: "array", minItems: 1 }, script: { type: "string", minLength: 1 } },
      },
    },
  },
);

export const taskRule = object(
  {
    apiVersion: words(apiVersion),
    kind: {
      ...words("Task"),
      expects: {
        en: "Task (Template and Schedule are reserved)",
        ja: "Task（Template と Schedule は予約語です）",
      },
    },
    title: anyText,
    description: anyText,
    priority: integer(priorityRange.minimum, priorityRange.maximum),
    labels: map(labelKey, labelValue, namesToTexts),
    spec: specRule,
  },
  { required: ["apiVersion", "kind"] },
);
