import type { AttemptApi } from "../api/attempt-api.ts";
import { fetchTask } from "../api/fetch-task.ts";
import type { Stop } from "../command/stop.ts";
import type { Host } from "../host/host.ts";

export interface TaskFileDeps {
  readonly api: AttemptApi | null;
  readonly host: Pick<Host, "random">;
  readonly stop: Stop;
}

/** The file that says what to run where no words after `--` do: the one that is there, else the server's word. */
export async function taskFileOf(
  command: readonly string[],
  given: string | undefined,
  own: string,
  { api, host, stop }: TaskFileDeps,
): Promise<string | undefined> {
  if (command.length > 0 || !api || (given !== undefined && given !== "")) return given;
  return (await fetchTask(api, own, host, stop.signal)) ? own : undefined;
}
