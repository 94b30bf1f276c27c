import {
  describeBytes,
  describeDuration,
  reasonExplanations,
  type Attempt,
  type TaskJson,
} from "@keruta/shared/domain";
import { say } from "../language/language.ts";
import { LogButton } from "../logs/log-button.tsx";
import { now } from "../time/now.ts";
import { Plain } from "../ui/plain.tsx";
import { Moment } from "../ui/time.tsx";
import { common } from "../words/common.ts";
import { categoryWords, sayPhase } from "../words/task-words.ts";
import { Facts } from "./facts.tsx";
import { words } from "./page-words.ts";

/** The latest first, open; the others folded. */
export function Attempts({ task }: { readonly task: TaskJson }) {
  const attempts = task.attempts.toReversed();
  if (attempts.length === 0) return <p class="quiet">{say(words.noAttempts)}</p>;
  return (
    <>
      {attempts.map((attempt, index) => (
        <details key={attempt.number} class="attempt" open={index === 0}>
          <summary>
            {say(common.attempt)} {attempt.number}
            <span class="quiet"> {attempt.reason ?? sayPhase(attempt.phase)}</span>
          </summary>
          <AttemptFacts attempt={attempt} />
          <LogButton task={task} attempt={attempt.number} />
        </details>
      ))}
    </>
  );
}

function AttemptFacts({ attempt }: { readonly attempt: Attempt }) {
  const { namespace, jobName, podName, node, exitCode, signal, category, message, log } = attempt;
  const plain = (text: string | null) => (text === null || text === "" ? null : <Plain text={text} lines />);
  return (
    <Facts
      facts={[
        [say(common.reason), attempt.reason],
        [say(words.meaning), attempt.reason && say(reasonExplanations[attempt.reason].what)],
        [say(words.message), plain(message)],
        [say(words.category), category && say(categoryWords[category])],
        [say(words.exitCode), exitCode],
        [say(words.signal), signal],
        [say(words.phase), attempt.finishedAt === null ? sayPhase(attempt.phase) : null],
        [say(words.started), <Moment time={attempt.startedAt} />],
        [say(words.finished), attempt.finishedAt && <Moment time={attempt.finishedAt} />],
        [say(words.duration), describeDuration(durationOf(attempt))],
        [say(words.memory), attempt.peakMemoryBytes === null ? null : describeBytes(attempt.peakMemoryBytes)],
        [
          say(words.logSize),
          log && `${describeBytes(log.bytes)}${log.complete ? "" : ` (${say(words.incomplete)})`}`,
        ],
        [say(words.runner), attempt.runner],
        [say(words.driver), plain(attempt.driver)],
        [say(common.namespace), namespace],
        [say(words.job), jobName],
        [say(words.pod), podName],
        [say(words.node), node],
      ]}
    />
  );
}

function durationOf({ startedAt, finishedAt }: Attempt): number {
  const end = finishedAt === null ? now.value : Date.parse(finishedAt);
  return Math.max(0, end - Date.parse(startedAt));
}
