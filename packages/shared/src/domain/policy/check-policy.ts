import { KerutaError } from "../error.ts";
import { parseQuantity } from "../quantity.ts";
import type { Settings } from "../settings/effective.ts";
import type { RunnerName } from "../task/spec.ts";
import type { NewTask } from "../task/task.ts";
import { secretsOf } from "./secrets-of.ts";

export interface Violation {
  /** Where in the task. */
  readonly path: string;
  readonly value: string;
  /** The setting that does not allow it. */
  readonly setting: string;
}

/** What the policy's settings do not allow of a task; empty where all is allowed. */
export function policyViolations({ priority, spec }: NewTask, settings: Settings): readonly Violation[] {
  const violations: Violation[] = [];
  const refuse = (path: string, value: string, setting: string) => {
    violations.push({ path, value, setting: `keruta.policy.${setting}` });
  };
  const among = (path: string, value: string | undefined, setting: string, allowed: readonly string[]) => {
    if (value === undefined || value === "" || isAmong(value, allowed)) return;
    refuse(path, value, setting);
  };
  among("spec.image", spec.image, "images", settings.get("keruta.policy.images"));
  const namespace = spec.namespace || settings.get("keruta.kubernetes.default-namespace");
  among("spec.namespace", namespace, "namespaces", settings.get("keruta.policy.namespaces"));
  const accounts = settings.get("keruta.policy.service-accounts");
  among("spec.serviceAccount", spec.serviceAccount, "service-accounts", accounts);
  for (const [path, secret] of secretsOf(spec)) {
    among(path, secret, "secrets", settings.get("keruta.policy.secrets"));
  }
  among("spec.runner", spec.runner, "runners", settings.get("keruta.policy.runners"));
  for (const resource of ["cpu", "memory"] as const) {
    const most = parseQuantity(settings.get(`keruta.policy.max-${resource}`));
    if (most === undefined) continue;
    const limit = spec.resources?.limits?.[resource];
    const value = limit === undefined ? undefined : parseQuantity(limit);
    const path = `spec.resources.limits.${resource}`;
    if (value === undefined || value > most) refuse(path, limit ?? "", `max-${resource}`);
  }
  const highest = settings.get("keruta.policy.max-priority");
  if (priority > highest) refuse("priority", String(priority), "max-priority");
  return violations;
}

/** Throws KRT_POLICY_REFUSED with every violation. */
export function checkPolicy(task: NewTask, settings: Settings): void {
  refuseViolations(policyViolations(task, settings));
}

/** Of a claim that gives tasks this runner, whatever they name. Throws KRT_POLICY_REFUSED. */
export function checkForcedRunner(runner: RunnerName, settings: Settings): void {
  const setting = "keruta.policy.runners";
  if (isAmong(runner, settings.get(setting))) return;
  refuseViolations([{ path: "forceRunner", value: runner, setting }]);
}

function isAmong(value: string, allowed: readonly string[]): boolean {
  return allowed.length === 0 || allowed.some((pattern) => matches(pattern, value));
}

function refuseViolations(violations: readonly Violation[]): void {
  if (violations.length === 0) return;
  const list = (words: (violation: Violation) => string) =>
    violations.map((each) => `\n  ${words(each)}`).join("");
  throw new KerutaError(
    "KRT_POLICY_REFUSED",
    {
      en: `The policy does not allow this task.${list(
        ({ path, value, setting }) =>
          `${path} ${value === "" ? "is not set" : `is "${value}"`}, which ${setting} does not allow`,
      )}`,
      ja: `このタスクはポリシーで許可されていません。${list(
        ({ path, value, setting }) =>
          `${path} が${value === "" ? "未指定" : `「${value}」`}のため、${setting} に反します`,
      )}`,
    },
    {
      hint: {
        en: "Change the task; `keruta settings list` shows what is allowed, and an administrator changes it.",
        ja: "タスクを変更してください。許可の内容は `keruta settings list` で確認でき、変更は管理者が行います。",
      },
      details: { violations },
    },
  );
}

/** `*` stands for any text; all else for itself. */
function matches(pattern: string, value: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  if (rest.length === 0) return value === pattern;
  if (!value.startsWith(first)) return false;
  let at = first.length;
  const last = rest.pop() ?? "";
  for (const part of rest) {
    const found = value.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return value.length - last.length >= at && value.endsWith(last);
}
