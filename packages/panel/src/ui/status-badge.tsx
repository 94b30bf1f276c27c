import type { TaskStatus } from "@keruta/shared/domain";
import { say } from "../language/language.ts";
import { statusWords } from "../words/task-words.ts";
import { Icon, type IconName } from "./icon.tsx";

const icons: Readonly<Record<TaskStatus, IconName>> = {
  PENDING: "pending",
  IN_PROGRESS: "running",
  COMPLETED: "done",
  FAILED: "failed",
  CANCELLED: "stopped",
};

/** Colour, shape and word say the same. */
export function StatusBadge({ status }: { readonly status: TaskStatus }) {
  return (
    <span class={`badge badge-${status}`}>
      <Icon name={icons[status]} />
      {say(statusWords[status])}
    </span>
  );
}
