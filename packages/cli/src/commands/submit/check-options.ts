import { usageError } from "../../errors/usage.ts";
import { cannotDetach } from "./refusals.ts";
import type { SubmitOptions } from "./submit.ts";

type Checked = Pick<SubmitOptions, "source" | "driver" | "detach" | "requestId" | "runner">;

/** Refuses what would have no effect for where the task comes from, before anything is queued or claimed. */
export function checkOptions({ source, driver, detach, requestId, runner }: Checked): void {
  if (requestId !== undefined && source.kind !== "new") throw nothingNew();
  if (driver === "worker" && source.kind === "next") throw popsItself();
  if (driver === "worker" && source.kind === "task" && runner !== undefined) throw workerChooses();
  if (detach && driver !== "worker" && runner === "local") throw cannotDetach();
}

function nothingNew() {
  return usageError(
    {
      en: "--request-id is of a new task, and this submit makes none.",
      ja: "--request-id は新しいタスクの指定ですが、この submit は新しいタスクを作りません。",
    },
    {
      en: "Say what to run as well: -f FILE, --from ID or -- COMMAND.",
      ja: "実行するものも指定してください（-f FILE、--from ID、-- COMMAND のいずれか）。",
    },
  );
}

function popsItself() {
  return usageError(
    {
      en: "The queue's next task is driven by the command that takes it, so --driver worker needs a task.",
      ja: "キューの次のタスクは取り出したコマンドが実行するため、--driver worker にはタスクの指定が必要です。",
    },
    {
      en: "Name a task of the queue, or describe a new one; workers take the others by themselves.",
      ja: "キューのタスクまたは新しいタスクを指定してください。ほかのタスクはワーカーが自分で取り出します。",
    },
  );
}

function workerChooses() {
  return usageError(
    {
      en: "--runner says how this command drives a task, and --driver worker leaves that to a worker.",
      ja: "--runner はこのコマンドで実行する方法の指定ですが、--driver worker ではワーカーが実行します。",
    },
    { en: "Leave out one of them.", ja: "どちらかを外してください。" },
  );
}
