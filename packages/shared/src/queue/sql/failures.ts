import { KerutaError } from "../../domain/error.ts";
import type { TaskStatus } from "../../domain/task/status.ts";
import type { Lease } from "../queue.ts";

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
  return new KerutaError(
    "KRT_CONCURRENCY_REFUSED",
    {
      en: `Concurrency key "${key}" (limit ${String(limit)}) is in use by ${list}, and the task asks to be refused then.`,
      ja: `同時実行キー「${key}」（上限 ${String(limit)}）は ${list} が使用中のため、タスクの指定どおり追加しませんでした。`,
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

export function requestIdConflict(requestId: string, taskId: string): KerutaError {
  return new KerutaError(
    "KRT_REQUEST_ID_CONFLICT",
    {
      en: `Request id "${requestId}" already stands for task ${taskId}, whose content differs.`,
      ja: `リクエスト ID「${requestId}」は、内容の異なるタスク ${taskId} に使われています。`,
    },
    {
      hint: {
        en: "Use a new request id for a new task.",
        ja: "新しいタスクには新しいリクエスト ID を使ってください。",
      },
      details: { requestId, taskId },
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
