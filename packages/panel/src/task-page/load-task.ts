import type { ArtifactSkip, Event, TaskJson } from "@keruta/shared/domain";
import type { Api } from "../api/api.ts";
import { withoutStepsBetween } from "./without-steps.ts";

export interface ArtifactFile {
  readonly path: string;
  readonly bytes: number;
  /** null for one that was skipped. */
  readonly sha256: string | null;
  readonly skipped: ArtifactSkip | null;
}

export interface TaskDetails {
  readonly task: TaskJson;
  /** In order, without steps of progress that others followed at once. */
  readonly events: readonly Event[];
  readonly artifacts: readonly ArtifactFile[];
}

/** Reads a task as it is now; of its events, which may be many, each time those that are new. */
export function createTaskLoader(
  api: Pick<Api, "json">,
  id: string,
): (signal: AbortSignal) => Promise<TaskDetails> {
  const path = `/tasks/${encodeURIComponent(id)}`;
  let events: readonly Event[] = [];
  let after = 0;

  const readOn = async (signal: AbortSignal) => {
    for (;;) {
      const page = await api.json<{ readonly items: readonly Event[]; readonly nextAfter: number }>({
        path: "/events",
        query: { taskId: id, after },
        signal,
      });
      if (page.items.length === 0) return events;
      events = withoutStepsBetween([...events, ...page.items]);
      after = page.nextAfter;
    }
  };

  return async (signal) => {
    const [task, known, artifacts] = await Promise.all([
      api.json<TaskJson>({ path, signal }),
      readOn(signal),
      api.json<{ readonly items: readonly ArtifactFile[] }>({ path: `${path}/artifacts`, signal }),
    ]);
    return { task, events: known, artifacts: artifacts.items };
  };
}
