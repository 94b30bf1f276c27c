import { KerutaError } from "../../domain/error.ts";
import type { TaskStatus } from "../../domain/task/status.ts";
import type { Text } from "../../domain/text.ts";
import type { Lease } from "../queue.ts";
import type { AttemptKey } from "../reports.ts";

export function taskIdAmbiguous(reference: string, candidates: readonly string[]): KerutaError {
  const list = candidates.join(", ");
  return new KerutaError(
    "KRT_TASK_ID_AMBIGUOUS",
    {
      en: `"${reference}" is the beginning of more than one task: ${list}.`,
      ja: `「${reference}」で始まるタスクが複数あります: ${list}。`,
    },
    {
      hint: { en: "Give more characters of the id.", ja: "ID をもっと長く指定してください。" },
      details: { reference, candidates },
    },
  );
}

export function statusConflict(id: string, status: TaskStatus, needed: string): KerutaError {
  return new KerutaError(
    "KRT_STATUS_CONFLICT",
    {
      en: `Task ${id} is ${status}; this needs ${needed}.`,
      ja: `タスク ${id} は ${status} です。この操作には ${needed} である必要があります。`,
    },
    {
      hint: {
        en: `See where it stands with \`keruta show ${id}\`.`,
        ja: `\`keruta show ${id}\` で状態を確認してください。`,
      },
      details: { taskId: id, status },
    },
  );
}

export function leaseLost({ taskId, attempt }: Lease): KerutaError {
  const number = String(attempt);
  return new KerutaError(
    "KRT_LEASE_LOST",
    {
      en: `Attempt ${number} of task ${taskId} is no longer driven by this process.`,
      ja: `タスク ${taskId} の試行 ${number} は、もうこのプロセスの担当ではありません。`,
    },
    {
      hint: {
        en: `Follow its new driver with \`keruta attach ${taskId}\`.`,
        ja: `\`keruta attach ${taskId}\` で続きを追えます。`,
      },
      details: { taskId, attempt },
    },
  );
}

export function concurrencyRefused(key: string, limit: number, heldBy: readonly string[]): KerutaError {
  const list = heldBy.join(", ");
  const by = list === "" ? { en: "", ja: "" } : { en: ` by ${list}`, ja: ` ${list} が` };
  return new KerutaError(
    "KRT_CONCURRENCY_REFUSED",
    {
      en: `Concurrency key "${key}" (limit ${String(limit)}) is in use${by.en}, and the task was not added.`,
      ja: `同時実行キー「${key}」（上限 ${String(limit)}）は${by.ja}使用中のため、タスクを追加しませんでした。`,
    },
    {
      hint: {
        en: "Wait for it with `keruta wait`, or set spec.concurrency.onConflict to wait or replace.",
        ja: "`keruta wait` で終了を待つか、spec.concurrency.onConflict を wait か replace にしてください。",
      },
      details: { key, limit, heldBy },
    },
  );
}

/** `taskId` is null where it is not to be told. */
export function requestIdConflict(requestId: string, taskId: string | null): KerutaError {
  const task =
    taskId === null ? { en: "a task", ja: "タスク" } : { en: `task ${taskId}`, ja: `タスク ${taskId} ` };
  return new KerutaError(
    "KRT_REQUEST_ID_CONFLICT",
    {
      en: `Request id "${requestId}" already stands for ${task.en}, whose content differs.`,
      ja: `リクエスト ID「${requestId}」は、内容の異なる${task.ja}に使われています。`,
    },
    {
      hint: {
        en: "Use a new request id for a new task.",
        ja: "新しいタスクには新しいリクエスト ID を使ってください。",
      },
      details: { requestId, ...(taskId !== null && { taskId }) },
    },
  );
}

export function requestIdTooLong(maxBytes: number): KerutaError {
  const most = String(maxBytes);
  return new KerutaError(
    "KRT_USAGE",
    {
      en: `The request id is longer than ${most} bytes.`,
      ja: `リクエスト ID が ${most} バイトを超えています。`,
    },
    {
      hint: {
        en: "Use a short one that is new for each task, such as a UUID.",
        ja: "UUID など、タスクごとに異なる短いものを使ってください。",
      },
    },
  );
}

export function cursorInvalid(cursor: string): KerutaError {
  return new KerutaError(
    "KRT_USAGE",
    {
      en: `"${cursor}" is not a cursor of this list.`,
      ja: `「${cursor}」はこの一覧のカーソルではありません。`,
    },
    {
      hint: {
        en: "Use nextCursor of the page before, unchanged.",
        ja: "前のページの nextCursor をそのまま指定してください。",
      },
    },
  );
}

export function attemptSettled({ taskId, number }: AttemptKey): KerutaError {
  const attempt = String(number);
  return new KerutaError(
    "KRT_ATTEMPT_SETTLED",
    {
      en: `Attempt ${attempt} of task ${taskId} has its result, which no report changes.`,
      ja: `タスク ${taskId} の試行 ${attempt} は結果が確定しています。報告では変わりません。`,
    },
    { hint: showTask(taskId), details: { taskId, attempt: number } },
  );
}

export function logBehind({ taskId, number }: AttemptKey, sequence: number): KerutaError {
  const [attempt, last] = [String(number), String(sequence)];
  return new KerutaError(
    "KRT_LOG_POSITION",
    {
      en: `The log of attempt ${attempt} of task ${taskId} is stored up to entry ${last}.`,
      ja: `タスク ${taskId} の試行 ${attempt} のログは ${last} 番目の記録まで保存されています。`,
    },
    {
      hint: { en: "Go on with the entry after it.", ja: "その次の記録から送ってください。" },
      details: { taskId, attempt: number, sequence },
    },
  );
}

export function resultStands({ taskId, number }: AttemptKey): KerutaError {
  const attempt = String(number);
  return new KerutaError(
    "KRT_STATUS_CONFLICT",
    {
      en: `The agent of attempt ${attempt} of task ${taskId} has told another result already.`,
      ja: `タスク ${taskId} の試行 ${attempt} のエージェントは、すでに別の結果を報告しています。`,
    },
    { hint: showTask(taskId), details: { taskId, attempt: number } },
  );
}

export function tokenInUse({ taskId, number }: AttemptKey): KerutaError {
  const attempt = String(number);
  return new KerutaError(
    "KRT_STATUS_CONFLICT",
    {
      en: `The agent of attempt ${attempt} of task ${taskId} has its token and uses it.`,
      ja: `タスク ${taskId} の試行 ${attempt} のエージェントは、すでにトークンを使用しています。`,
    },
    {
      hint: {
        en: "An attempt has one agent; the next attempt gets a token of its own.",
        ja: "1 つの試行のエージェントは 1 つだけです。次の試行には新しいトークンが発行されます。",
      },
      details: { taskId, attempt: number },
    },
  );
}

function showTask(taskId: string): Text {
  return {
    en: `See where it stands with \`keruta show ${taskId}\`.`,
    ja: `\`keruta show ${taskId}\` で状態を確認してください。`,
  };
}

/** The agent brought entries between the making of a result and its settling. */
export function logGrew(sequence: number, expected: number): KerutaError {
  const [stored, counted] = [String(sequence), String(expected)];
  return new KerutaError(
    "KRT_USAGE",
    {
      en: `The log goes to entry ${stored} by now, and the result counts it to ${counted}.`,
      ja: `ログは ${stored} 番目の記録まで進みましたが、結果は ${counted} 番目までしか数えていません。`,
    },
    { details: { sequence, expected } },
  );
}

export function logHole(found: number, expected: number): KerutaError {
  const [came, due] = [String(found), String(expected)];
  return new KerutaError(
    "KRT_USAGE",
    {
      en: `Log entry ${came} came where ${due} was due.`,
      ja: `ログの ${due} 番目の記録が来るべきところに ${came} 番目が来ました。`,
    },
    { details: { found, expected } },
  );
}
