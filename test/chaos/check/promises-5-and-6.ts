import type { GapReason } from "../../../packages/shared/src/domain/index.ts";
import type { FaultKind } from "../plan/fault-kinds.ts";
import { filesOf } from "../plan/task-file.ts";
import { endingsOf, findEnding, podTakers } from "./endings.ts";
import { hitsOf, type Death, type Hits } from "./hits.ts";
import type { Breach, History, SeenAttempt, SeenTask } from "./history.ts";

/** What may take bytes away for good, and under which names the log then says so. */
const takers: Readonly<Partial<Record<FaultKind, readonly GapReason[]>>> = {
  "fill-disk": ["disk-full"],
  "kill-local-agent": ["agent-killed"],
  "kill-pod-agent": ["agent-killed"],
  // The command may have ended before, and its agent have left its word: then the spool alone is gone.
  "delete-pod": ["agent-killed", "spool-lost"],
  "delete-job": ["agent-killed", "spool-lost"],
  "evict-pod": ["agent-killed", "spool-lost"],
  // Decision 21: back so soon that the sidecar could not know of it.
  "crash-containerd": ["spool-lost"],
  // After the command's end it is not started again.
  "kill-pod-sidecar": ["spool-lost"],
};

/**
 * A cancel deletes the Pod of an agent that it cannot reach, and the Pod of a command that is about to start: what had
 * not been passed on goes with it where no driver can fetch it in that time.
 */
const outOfReach = {
  "crash-containerd": ["agent-killed", "spool-lost"],
  "crash-kubelet": ["agent-killed", "spool-lost"],
  "crash-kube-apiserver": ["agent-killed", "spool-lost"],
  "cut-cluster": ["agent-killed", "spool-lost"],
} satisfies typeof takers;

/** Each byte once and in its place, or a gap that says that it is not there, and a fault that took it. */
export function checkLogs(history: History, deaths: readonly Death[], seen: SeenTask): readonly Breach[] {
  const { plan, attempts, cancelledAt } = seen;
  const breaches: Breach[] = [];
  for (const { attempt, log } of attempts) {
    const say = (what: string) =>
      breaches.push({ promise: 5, key: plan.key, what: `log of attempt ${String(attempt.number)}: ${what}` });
    const hits = hitsOf(history, deaths, seen, attempt.number);
    if (log.mismatch !== null) say(log.mismatch);
    if (log.holes > 0) say(`${String(log.holes)} entries do not follow on the one before`);
    const explained = cancelledAt === null ? takers : { ...takers, ...outOfReach };
    for (const { reason } of log.gaps)
      if (!mayBeLost(reason, hits, explained))
        say(`a gap (${reason}) that no fault explains; hit by ${[...hits].join(", ") || "nothing"}`);
    if (attempt.finishedAt === null) continue;
    const ending = findEnding(endingsOf(plan, attempt.number, hits, cancelledAt !== null), attempt);
    const hasUnknown = log.gaps.some(
      ({ stdoutBytes, stderrBytes }) => stdoutBytes === null || stderrBytes === null,
    );
    for (const stream of ["stdout", "stderr"] as const) {
      const [reached, expected] = [log.reached[stream], log.expected[stream]];
      if (reached > expected) say(`${stream} has ${String(reached - expected)} bytes more than were written`);
      if (ending?.isOwn && !hasUnknown && reached < expected)
        say(`${stream} ends after ${String(reached)} of ${String(expected)} bytes, and no gap says so`);
    }
    const summary = attempt.log;
    if (!summary) continue;
    if (summary.complete !== (log.gaps.length === 0))
      say(`complete is ${String(summary.complete)} with ${String(log.gaps.length)} gaps`);
    if (summary.bytes !== log.bytes)
      say(`its summary has ${String(summary.bytes)} bytes, the store ${String(log.bytes)}`);
    if (summary.sha256 !== log.sha256) say("its summary has another digest than the store");
  }
  return [...breaches, ...checkPrinted(seen)];
}

function mayBeLost(reason: GapReason, hits: Hits, explained: typeof takers): boolean {
  return Object.entries(explained).some(
    ([kind, names]) => names.includes(reason) && hits.has(kind as FaultKind),
  );
}

/** Gave up, or was told to leave. */
const left = [125, 130];

/** What `submit` printed is what is stored, where it saw one attempt from its beginning to its end. */
function checkPrinted({ plan, attempts, runs }: SeenTask): readonly Breach[] {
  const [only] = attempts;
  if (!only || attempts.length > 1 || only.log.gaps.length > 0) return [];
  return runs
    .filter(
      ({ role, signal, printed, code }) =>
        role === "submit" && signal === null && printed !== null && !left.includes(code ?? -1),
    )
    .filter(({ printed }) => printed?.sha256 !== only.log.stdout.sha256)
    .map(({ pid, printed }) => ({
      promise: 5,
      key: plan.key,
      what: `submit (${String(pid)}) printed ${String(printed?.bytes)} bytes, ${String(only.log.stdout.bytes)} are stored`,
    }));
}

/** Listed files are there, whole and the planned ones; nothing else is. */
export function checkArtifacts(
  history: History,
  deaths: readonly Death[],
  seen: SeenTask,
): readonly Breach[] {
  return seen.attempts.flatMap((attempt) => {
    const hits = hitsOf(history, deaths, seen, attempt.attempt.number);
    return checkFiles(seen, attempt, hits).map((what) => ({
      promise: 6 as const,
      key: seen.plan.key,
      what: `artifacts of attempt ${String(attempt.attempt.number)}: ${what}`,
    }));
  });
}

function checkFiles(
  { plan, cancelledAt }: SeenTask,
  { attempt, listed, files }: SeenAttempt,
  hits: Hits,
): readonly string[] {
  const problems: string[] = [];
  const planned = new Map(filesOf(plan).map((file) => [file.path, file]));
  const onDisk = new Map(files.map((file) => [file.path, file]));
  const whole = listed.filter(({ skipped }) => skipped === null);
  const ending = findEnding(endingsOf(plan, attempt.number, hits, cancelledAt !== null), attempt);
  // A command that was stopped while it wrote leaves what it had written.
  const mayBePart = ending?.isOwn === false;
  for (const { path, bytes, sha256 } of whole) {
    const [plan_, there] = [planned.get(path), onDisk.get(path)];
    if (!plan_) problems.push(`${path} was not made`);
    else if (plan_.sha256 !== sha256 && !(mayBePart && bytes < plan_.bytes))
      problems.push(`${path} is listed as ${String(sha256)} and is ${plan_.sha256}`);
    if (!there) problems.push(`${path} is listed and is not there`);
    else if (there.sha256 !== sha256)
      problems.push(`${path} is there as ${there.sha256} and listed as ${String(sha256)}`);
  }
  for (const { path, kind } of files) {
    if (kind === "file" && !whole.some((file) => file.path === path))
      problems.push(`${path} is there and not listed`);
  }
  const isTaken = podTakers.some((kind) => hits.has(kind));
  if (ending?.isOwn && !isTaken && planned.size > 0) {
    const missing = [...planned.keys()].filter((path) => !whole.some((file) => file.path === path));
    if (missing.length > 0)
      problems.push(
        `${missing.join(", ")} not collected: ${attempt.artifacts?.status ?? "no word"} ${attempt.artifacts?.message ?? ""}`,
      );
    if (!plan.hostileFiles && attempt.artifacts?.status !== "Collected")
      problems.push(`they are ${String(attempt.artifacts?.status)}: ${attempt.artifacts?.message ?? ""}`);
  }
  return problems;
}
