import type { TaskJson } from "@keruta/shared/domain";
import { say } from "../language/language.ts";
import { common } from "../words/common.ts";
import { words } from "./log-words.ts";
import { openLog } from "./open-log.ts";

interface LogButtonProps {
  readonly task: Pick<TaskJson, "id" | "title">;
  readonly attempt?: number;
}

export function LogButton({ task: { id, title }, attempt }: LogButtonProps) {
  return (
    <button
      type="button"
      class="button"
      aria-label={say(words.openOf(title))}
      onClick={() => {
        openLog({ taskId: id, attempt, line: undefined });
      }}
    >
      {say(common.logs)}
    </button>
  );
}
