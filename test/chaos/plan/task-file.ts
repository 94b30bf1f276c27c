import type { NewTask } from "../../../packages/shared/src/domain/index.ts";
import { linesOf, lineProgram, sha256 } from "./output.ts";
import { restartCode, type PlannedArtifact, type Step, type TaskPlan } from "./task-plan.ts";

export interface TaskSurroundings {
  /** Host and port where a command says that it was started, as it reaches them. */
  readonly marker: string;
  readonly image: string;
}

export const secretName = "chaos";
export const secretKey = "token";
const artifactWidth = 100;
const masked = "***";

/** The task as it is queued. */
export function taskOf(
  plan: TaskPlan,
  { marker, image }: TaskSurroundings,
): NewTask & { apiVersion: string; kind: string } {
  const { end } = plan;
  return {
    apiVersion: "keruta/v1",
    kind: "Task",
    title: plan.key,
    description: plan.flavour,
    priority: plan.priority,
    labels: { flavour: plan.flavour },
    spec: {
      runner: plan.runner,
      ...(plan.runner === "kubernetes" && { image }),
      command: ["sh", "-c", scriptOf(plan)],
      env: { CHAOS_MARKER: marker, CHAOS_KEY: plan.key },
      ...(plan.flavour === "secret" && {
        secretEnv: { CHAOS_SECRET: { secret: secretName, key: secretKey } },
      }),
      ...(plan.artifacts.length > 0 && {
        artifacts: { paths: ["out/**"], required: plan.artifactsRequired && !plan.hostileFiles },
      }),
      ...(end.kind === "timeout" && { timeout: `${String(end.seconds)}s` }),
      ...(plan.restarts > 0 && { restartPolicy: "OnFailure" as const, restarts: 3 }),
      ...(plan.concurrencyKey !== null && { concurrency: { key: plan.concurrencyKey, limit: 1 } }),
      retry: { attempts: plan.attempts, on: plan.retryOn, backoff: "500ms" },
    },
  };
}

/** Each start tells the marker, under a name of its own, that it was; a second request for one start has the same. */
function scriptOf(plan: TaskPlan): string {
  const { runner } = plan;
  const steps = plan.steps.map(shellOf);
  const files = plan.artifacts.map((file) => fileOf(plan.key, file));
  return [
    "N=$(cat /proc/sys/kernel/random/uuid)",
    `for t in 1 2 3; do ${runner === "local" ? wget : nc} && break; done 2> /dev/null`,
    ...files,
    ...(plan.hostileFiles ? hostileFiles : []),
    ...steps,
    ...(plan.restarts > 0 ? [`if [ ! -e .ran ]; then : > .ran; exit ${String(restartCode)}; fi`] : []),
    endOf(plan),
  ].join("\n");
}

const wget = 'wget -q -T 5 -O /dev/null "http://$CHAOS_MARKER/$CHAOS_KEY/$KERUTA_ATTEMPT/$N"';
/** A static busybox has no wget that works. */
const nc =
  'printf "GET %s HTTP/1.0\\r\\n\\r\\n" "/$CHAOS_KEY/$KERUTA_ATTEMPT/$N" | nc -w 5 "${CHAOS_MARKER%:*}" "${CHAOS_MARKER#*:}" > /dev/null';

/** Leads out of the workspace, in the ways that a file can. */
const hostileFiles = [
  "ln -s /etc out/outside",
  "ln -s /etc/passwd out/passwd",
  "ln -s ../../../../../../etc/hosts out/up",
  "mkfifo out/pipe",
  ": > 'out/<img src=x onerror=alert(1)>.html'",
];

function shellOf(step: Step): string {
  switch (step.kind) {
    case "sleep":
      return `sleep ${String(step.seconds)}`;
    case "secret":
      return 'printf "token %s.\\n" "$CHAOS_SECRET"; printf "coded "; printf %s "$CHAOS_SECRET" | base64 | tr -d "\\n"; echo';
    case "lines": {
      const to = step.stream === "stderr" ? " >&2" : "";
      return `awk -v t="$CHAOS_KEY/$KERUTA_ATTEMPT" '${lineProgram(step)}'${to}`;
    }
  }
}

function fileOf(key: string, { path, lines }: PlannedArtifact): string {
  const directory = path.slice(0, path.lastIndexOf("/"));
  const program = lineProgram({ from: 1, count: lines, width: artifactWidth });
  return `mkdir -p ${directory}; awk -v t="${key}/${path}" '${program}' > ${path}`;
}

function endOf({ end }: TaskPlan): string {
  switch (end.kind) {
    case "exit": {
      const cases = end.codes
        .slice(0, -1)
        .map((code, n) => `[ "$KERUTA_ATTEMPT" = ${String(n + 1)} ] && exit ${String(code)}`);
      return [...cases, `exit ${String(end.codes.at(-1) ?? 0)}`].join("\n");
    }
    case "signal":
      return "kill -9 $$";
    case "timeout":
      return "exec sleep 3600";
    case "cancel":
      return `sleep ${String(end.seconds)}; exit 0`;
  }
}

export interface ExpectedOutput {
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/** What attempt `number` writes where nothing hits it, as it is to be stored. */
export function outputOf(plan: TaskPlan, number: number): ExpectedOutput {
  const tag = `${plan.key}/${String(number)}`;
  const text = { stdout: "", stderr: "" };
  for (const step of plan.steps) {
    if (step.kind === "lines") text[step.stream] += linesOf(tag, step);
    if (step.kind === "secret") text.stdout += `token ${masked}.\ncoded ${masked}\n`;
  }
  const runs = plan.restarts + 1;
  return { stdout: Buffer.from(text.stdout.repeat(runs)), stderr: Buffer.from(text.stderr.repeat(runs)) };
}

export interface ExpectedFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

export function filesOf(plan: TaskPlan): readonly ExpectedFile[] {
  const files = plan.artifacts.map(({ path, lines }) => {
    const text = linesOf(`${plan.key}/${path}`, { from: 1, count: lines, width: artifactWidth });
    return { path, bytes: Buffer.byteLength(text), sha256: sha256(text) };
  });
  const empty = { path: "out/<img src=x onerror=alert(1)>.html", bytes: 0, sha256: sha256("") };
  return plan.hostileFiles ? [...files, empty] : files;
}
