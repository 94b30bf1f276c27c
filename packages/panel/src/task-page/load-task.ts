import type { ArtifactSkip, Event, TaskJson } from "@keruta/shared/domain";
import { api } from "../session/session.ts";

export interface ArtifactFile {
  readonly path: string;
  readonly bytes: number;
  /** null for one that was skipped. */
  readonly sha256: string | null;
  readonly skipped: ArtifactSkip | null;
}

export interface TaskDetails {
  readonly task: TaskJson;
  readonly events: readonly Event[];
  readonly artifacts: readonly ArtifactFile[];
}

/** A task with so many events has been told enough of. */
const mostEvents = 2000;

export async function loadTask(id: string, signal: AbortSignal): Promise<TaskDetails> {
  const path = `/tasks/${encodeURIComponent(id)}`;
  const [task, events, artifacts] = await Promise.all([
    api.json<TaskJson>({ path, signal }),
    loadEvents(id, signal),
    api.json<{ readonly items: readonly ArtifactFile[] }>({ path: `${path}/artifacts`, signal }),
  ]);
  return { task, events, artifacts: artifacts.items };
}

async function loadEvents(taskId: string, signal: AbortSignal): Promise<readonly Event[]> {
  const events: Event[] = [];
  let after = 0;
  while (events.length < mostEvents) {
    const query = { taskId, after };
    const page = await api.json<{ readonly items: readonly Event[]; readonly nextAfter: number }>({
      path: "/events",
      query,
      signal,
    });
    if (page.items.length === 0) break;
    events.push(...page.items);
    after = page.nextAfter;
  }
  return events;
}
