import type { Namespace } from "@keruta/runner/cluster";
import { ok, warning, type Check } from "./check.ts";

const label = "pod-security.kubernetes.io/enforce";

/** Holds the level that the namespace enforces against the profile of a task that names none: baseline. */
export function podSecurityCheck({ metadata }: Namespace): Check {
  const name = "pod-security";
  const level = metadata.labels?.[label];
  if (level === undefined) {
    return ok(name, {
      en: "the namespace enforces no Pod Security level of its own",
      ja: "ネームスペース独自の Pod Security レベルは設定されていません",
    });
  }
  const message = {
    en: `the namespace enforces Pod Security "${level}"`,
    ja: `ネームスペースは Pod Security「${level}」を強制します`,
  };
  if (level !== "restricted") return ok(name, message);
  return warning(name, message, {
    en: "Tasks of the default profile are refused there: write `securityProfile: restricted` into their spec.",
    ja: "既定のプロファイルのタスクは拒否されます。タスクの spec に `securityProfile: restricted` を指定してください。",
  });
}
