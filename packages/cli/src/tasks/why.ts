import { pendingText, reasonExplanations, withId, type Task, type Text } from "@keruta/shared/domain";
import { endFacts } from "./end-facts.ts";

export interface Answer {
  readonly what: Text;
  /** What to do about it, where there is something to do. */
  readonly remedy: Text | null;
}

/** The plain answer to "why is it so?", for each status. */
export function whyTask(task: Task): Answer {
  const { what, remedy } = answerOf(task);
  return { what, remedy: remedy && withId(remedy, task.id) };
}

function answerOf(task: Task): Answer {
  switch (task.status) {
    case "PENDING":
      return whyPending(task);
    case "IN_PROGRESS":
      return whyRunning(task);
    case "COMPLETED":
    case "FAILED":
    case "CANCELLED":
      return whyEnded(task);
  }
}

function whyPending({ id, pending, attempt }: Task): Answer {
  const reason = pending
    ? withId(pendingText(pending.blockedBy, pending.details), id)
    : { en: "It waits for its turn.", ja: "順番を待っています。" };
  const tried = attempt?.reason
    ? joined(
        {
          en: `Attempt ${String(attempt.number)} ended with ${attempt.reason} and the task is tried again.`,
          ja: `試行 ${String(attempt.number)} は ${attempt.reason} で終わり、再試行を待っています。`,
        },
        reason,
      )
    : reason;
  return { what: joined({ en: "It has not started.", ja: "まだ始まっていません。" }, tried), remedy: null };
}

function whyRunning({ attempt, cancelRequestedAt, progress }: Task): Answer {
  const number = String(attempt?.number ?? 1);
  const phase = attempt?.phase ?? "Submitting";
  const driver = attempt?.driver ?? "?";
  let what: Text = {
    en: `Attempt ${number} is in phase ${phase}, driven by ${driver}.`,
    ja: `試行 ${number} が実行中です（段階 ${phase}、実行者 ${driver}）。`,
  };
  if (progress.percent !== null || progress.message !== "") {
    const percent = progress.percent === null ? "" : `${String(progress.percent)}% `;
    const said = `${percent}${progress.message}`.trim();
    what = joined(what, { en: `Progress: ${said}.`, ja: `進捗: ${said}。` });
  }
  if (cancelRequestedAt === null) return { what, remedy: null };
  return {
    what: joined(what, {
      en: `It was asked to stop at ${cancelRequestedAt}.`,
      ja: `${cancelRequestedAt} に中止が要求されています。`,
    }),
    remedy: {
      en: "It stops when its driver acts on that; if the driver is gone, `keruta attach ID` takes over.",
      ja: "実行者が処理すると止まります。実行者がいない場合は `keruta attach ID` で引き継げます。",
    },
  };
}

function whyEnded({ status, attempt }: Task): Answer {
  if (!attempt?.reason) {
    const what = { en: "It was cancelled before it started.", ja: "始まる前に中止されました。" };
    return { what, remedy: reasonExplanations.Cancelled.remedy };
  }
  const { what, remedy } = reasonExplanations[attempt.reason];
  const { en, ja } = endFacts(attempt);
  const ended = `${String(attempt.number)}: ${attempt.reason}`;
  const facts = {
    en: `(Attempt ${ended}${en === "" ? "" : `, ${en}`}.)`,
    ja: `（試行 ${ended}${ja === "" ? "" : `、${ja}`}）`,
  };
  const message =
    attempt.message === "" ? facts : joined(facts, { en: attempt.message, ja: attempt.message });
  const isDone = status === "COMPLETED";
  return { what: joined(what, message), remedy: isDone ? null : remedy };
}

function joined(one: Text, other: Text): Text {
  return { en: `${one.en} ${other.en}`, ja: `${one.ja}${other.ja}` };
}
