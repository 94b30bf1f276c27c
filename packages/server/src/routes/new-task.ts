import { KerutaError, type NewTask } from "@keruta/shared/domain";
import { validateTask } from "@keruta/shared/taskfile";

/** The task of a body, and the request id that may stand beside its keys. Throws as `validateTask` does. */
export function readNewTask(body: Readonly<Record<string, unknown>>): {
  readonly task: NewTask;
  readonly requestId?: string;
} {
  const { requestId, ...document } = body;
  const task = validateTask(document, { name: "the request" });
  if (requestId === undefined || requestId === null) return { task };
  if (typeof requestId === "string" && requestId !== "") return { task, requestId };
  throw new KerutaError("KRT_TASK_INVALID", {
    en: "requestId must be a text that is not empty.",
    ja: "requestId は空でない文字列にしてください。",
  });
}
