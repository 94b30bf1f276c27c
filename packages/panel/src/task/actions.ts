import { isTerminal, type TaskJson } from "@keruta/shared/domain";
import { api } from "../session/session.ts";

export const taskActions = ["cancel", "retry", "delete"] as const;
export type TaskAction = (typeof taskActions)[number];

/** Whether an action means something to a task as it is. */
export function applies(
  action: TaskAction,
  { status, cancelRequestedAt }: Pick<TaskJson, "status" | "cancelRequestedAt">,
): boolean {
  switch (action) {
    case "cancel":
      return !isTerminal(status) && cancelRequestedAt === null;
    case "retry":
      return status === "FAILED";
    case "delete":
      return status !== "IN_PROGRESS";
  }
}

export async function act(action: TaskAction, id: string): Promise<void> {
  const path = `/tasks/${encodeURIComponent(id)}`;
  if (action === "delete") await api.send({ method: "DELETE", path });
  else await api.send({ method: "POST", path: `${path}/${action}` });
}

export interface Outcome {
  readonly task: TaskJson;
  /** null: it was done. */
  readonly problem: string | null;
}

/** So that a hundred tasks neither take a hundred connections nor a hundred turns. */
const atOnce = 4;

/** Each by itself: one that fails holds up no other. */
export async function actOnAll(
  action: TaskAction,
  tasks: readonly TaskJson[],
  onOutcome: (outcome: Outcome) => void,
  perform: typeof act = act,
): Promise<void> {
  const rest = [...tasks];
  const work = async () => {
    for (let task = rest.shift(); task; task = rest.shift()) {
      const problem = await perform(action, task.id).then(
        () => null,
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
      onOutcome({ task, problem });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
}
