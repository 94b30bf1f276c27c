import { describeDuration, pendingText, withId, type TaskJson } from "@keruta/shared/domain";
import { say } from "../language/language.ts";
import { now } from "../time/now.ts";
import { Plain } from "../ui/plain.tsx";
import { dictionary } from "../language/dictionary.ts";
import { blockWords, sayPhase } from "../words/task-words.ts";

const words = dictionary({
  stopping: { en: "Being cancelled", ja: "中止しています" },
  exitCode: (code: number) => ({ en: `exit code ${String(code)}`, ja: `終了コード ${String(code)}` }),
  attempt: (n: number) => ({ en: `attempt ${String(n)}`, ja: `試行 ${String(n)}` }),
});

/** What a task does, waits for or ended with, in a line. */
export function TaskState({ task, long = false }: { readonly task: TaskJson; readonly long?: boolean }) {
  const { status, pending, attempt } = task;
  if (status === "PENDING" && pending) {
    const sentence = say(withId(pendingText(pending.blockedBy, pending.details), task.id));
    return (
      <span class="state" title={long ? undefined : sentence}>
        {long ? sentence : say(blockWords[pending.blockedBy])}
        {!long && pending.position !== null && ` #${String(pending.position)}`}
      </span>
    );
  }
  if (status === "IN_PROGRESS" && attempt) return <Running task={task} />;
  if (!attempt || attempt.reason === null) return null;
  const { reason, exitCode } = attempt;
  return (
    <span class="state">
      {reason}
      {exitCode !== null && exitCode !== 0 && ` · ${say(words.exitCode(exitCode))}`}
    </span>
  );
}

function Running({ task: { attempt, progress, cancelRequestedAt } }: { readonly task: TaskJson }) {
  if (!attempt) return null;
  const { percent, message } = progress;
  const since = Date.parse(attempt.commandStartedAt ?? attempt.startedAt);
  const parts = [
    cancelRequestedAt === null ? sayPhase(attempt.phase) : say(words.stopping),
    describeDuration(Math.max(0, Math.floor((now.value - since) / 1000) * 1000)),
    attempt.number > 1 && say(words.attempt(attempt.number)),
  ];
  return (
    <span class="state">
      {parts.filter(Boolean).join(" · ")}
      {percent !== null && <ProgressBar percent={percent} />}
      {message !== "" && (
        <span class="state-message">
          <Plain text={message} />
        </span>
      )}
    </span>
  );
}

export function ProgressBar({ percent }: { readonly percent: number }) {
  const text = `${String(Math.round(percent))}%`;
  return (
    <span class="progress">
      <progress max={100} value={percent} aria-label={text} />
      <span aria-hidden="true">{text}</span>
    </span>
  );
}
