import { maxProcessStringBytes } from "../../domain/task/limits.ts";
import { hasPassword } from "../../domain/url.ts";
import { parseQuantity } from "../../domain/quantity.ts";
import type { Report } from "../complaint.ts";
import { formatPath, isMapping, type Path } from "../path.ts";
import { checkVolumes } from "./volumes.ts";

type Mapping = Readonly<Record<string, unknown>>;

/** What no rule of one key can say: keys that exclude each other, and sizes that a process cannot be given. */
export function checkSpec(spec: Mapping, path: Path, report: Report): void {
  checkWhatRuns(spec, path, report);
  checkProcessStrings(spec, path, report);
  checkEnvironments(spec, path, report);
  checkRepository(spec["repository"], [...path, "repository"], report);
  checkResources(spec["resources"], [...path, "resources"], report);
  checkTolerations(spec["tolerations"], [...path, "tolerations"], report);
  checkVolumes(spec["volumes"], [...path, "volumes"], report);
  if (spec["securityProfile"] === "restricted" && spec["runAsUser"] === 0) {
    report([...path, "runAsUser"], {
      en: "spec.runAsUser is 0 (root), which securityProfile restricted forbids",
      ja: "securityProfile: restricted では spec.runAsUser に 0（root）を指定できません",
    });
  }
}

function checkWhatRuns(spec: Mapping, path: Path, report: Report): void {
  const hasScript = isFilled(spec["script"]);
  for (const key of ["command", "args"]) {
    if (!hasScript || !isFilled(spec[key])) continue;
    report([...path, "script"], {
      en: `spec.script stands instead of spec.${key}; keep one of them`,
      ja: `spec.script と spec.${key} は同時に指定できません。どちらか一方にしてください`,
    });
  }
  if (Array.isArray(spec["command"]) && spec["command"][0] === "") {
    report([...path, "command", 0], {
      en: "spec.command[0] is empty, and must name a program",
      ja: "spec.command[0] が空です。プログラム名を指定してください",
    });
  }
  if (spec["agent"] !== "none") return;
  if (hasScript) {
    report([...path, "script"], {
      en: "spec.script needs the agent, and spec.agent is none; use spec.command",
      ja: "spec.agent が none のときは spec.script を使えません。spec.command を使ってください",
    });
  }
  if (spec["restartPolicy"] === "OnFailure") {
    report([...path, "restartPolicy"], {
      en: "spec.restartPolicy OnFailure needs the agent, and spec.agent is none",
      ja: "spec.agent が none のときは spec.restartPolicy: OnFailure を使えません",
    });
  }
}

function checkProcessStrings(spec: Mapping, path: Path, report: Report): void {
  const check = (text: unknown, extra: number, at: Path) => {
    // A character is at most 3 bytes for each unit of its length: only a long text needs to be counted.
    if (typeof text !== "string" || text.length * 3 + extra <= maxProcessStringBytes) return;
    const bytes = new TextEncoder().encode(text).length + extra;
    if (bytes <= maxProcessStringBytes) return;
    const [size, limit] = [bytes.toLocaleString("en"), maxProcessStringBytes.toLocaleString("en")];
    report(at, {
      en: `${formatPath(at)} takes ${size} bytes, and a process is given at most ${limit} in one piece`,
      ja: `${formatPath(at)} は ${size} バイトになり、プロセスに 1 つの値として渡せる上限 ${limit} バイトを超えています`,
    });
  };
  for (const key of ["command", "args"]) {
    const texts: unknown = spec[key];
    if (Array.isArray(texts))
      for (const [index, text] of texts.entries()) check(text, 1, [...path, key, index]);
  }
  if (!isMapping(spec["env"])) return;
  for (const [name, value] of Object.entries(spec["env"])) {
    check(value, new TextEncoder().encode(name).length + 2, [...path, "env", name]);
  }
}

function checkEnvironments(spec: Mapping, path: Path, report: Report): void {
  const { env, secretEnv } = spec;
  if (!isMapping(env) || !isMapping(secretEnv)) return;
  for (const name of Object.keys(secretEnv).filter((key) => Object.hasOwn(env, key))) {
    const at = [...path, "secretEnv", name];
    const shown = formatPath(at);
    report(
      at,
      {
        en: `${shown} is in spec.env as well; keep one of them`,
        ja: `${shown} は spec.env にもあります。どちらか一方にしてください`,
      },
      "key",
    );
  }
}

function checkRepository(repository: unknown, path: Path, report: Report): void {
  if (!isMapping(repository)) return;
  const { url, ref } = repository;
  if (typeof url === "string" && hasPassword(url)) {
    report([...path, "url"], {
      en: "spec.repository.url holds a user or password; name a Secret in spec.repository.secret instead",
      ja: "spec.repository.url に認証情報が含まれています。代わりに spec.repository.secret で Secret を指定してください",
    });
  } else if (typeof url === "string" && (/^-|[\s\p{Cc}]/u.test(url) || /^[a-z0-9+.-]+::/i.test(url))) {
    report([...path, "url"], {
      en: "spec.repository.url must be a URL or path that git clones, without spaces and remote helpers",
      ja: "spec.repository.url には git でクローンできる URL かパスを指定してください（空白やリモートヘルパーは使えません）",
    });
  }
  if (typeof ref === "string" && /^-|\.\.|[\s\p{Cc}~^:?*[\\]/u.test(ref)) {
    report([...path, "ref"], {
      en: "spec.repository.ref must be the name of a branch or tag, or a commit",
      ja: "spec.repository.ref にはブランチ名、タグ名、コミットのいずれかを指定してください",
    });
  }
}

function checkResources(resources: unknown, path: Path, report: Report): void {
  if (!isMapping(resources) || !isMapping(resources["requests"]) || !isMapping(resources["limits"])) return;
  const { requests, limits } = { requests: resources["requests"], limits: resources["limits"] };
  for (const [name, requested] of Object.entries(requests)) {
    const limit = Object.hasOwn(limits, name) ? limits[name] : undefined;
    const [low, high] = [parseQuantity(String(requested)), parseQuantity(String(limit))];
    if (low === undefined || high === undefined || low <= high) continue;
    const at = [...path, "requests", name];
    report(at, {
      en: `${formatPath(at)} is ${String(requested)}, more than its limit ${String(limit)}`,
      ja: `${formatPath(at)} の ${String(requested)} が limits の ${String(limit)} を超えています`,
    });
  }
}

function checkTolerations(tolerations: unknown, path: Path, report: Report): void {
  if (!Array.isArray(tolerations)) return;
  for (const [index, toleration] of tolerations.entries()) {
    if (!isMapping(toleration)) continue;
    const at = [...path, index];
    const { key, operator, value, effect, tolerationSeconds } = toleration;
    const name = formatPath(at);
    if (operator === "Exists" && isFilled(value)) {
      report(at, {
        en: `${name}: operator Exists takes no value`,
        ja: `${name}: operator が Exists のとき value は指定できません`,
      });
    }
    if (!isFilled(key) && operator !== "Exists") {
      report(at, {
        en: `${name}: without a key the operator must be Exists`,
        ja: `${name}: key がないとき operator は Exists にしてください`,
      });
    }
    if (typeof tolerationSeconds === "number" && effect !== "NoExecute") {
      report(at, {
        en: `${name}: tolerationSeconds needs effect NoExecute`,
        ja: `${name}: tolerationSeconds は effect が NoExecute のときだけ指定できます`,
      });
    }
  }
}

function isFilled(value: unknown): boolean {
  return (typeof value === "string" || Array.isArray(value)) && value.length > 0;
}
