import type { LabelRequirement } from "../domain/selector.ts";
import type { TaskStatus } from "../domain/task/status.ts";
import type { Task } from "../domain/task/task.ts";

/** Only tasks of these namespaces; null stands for tasks that name none. */
export type NamespaceScope = readonly (string | null)[];

export interface TaskFilter {
  readonly statuses?: readonly TaskStatus[];
  /** All must match. */
  readonly labels?: readonly LabelRequirement[];
  readonly namespaces?: NamespaceScope;
  /** Found in title, description or id, letter case and width folded. */
  readonly search?: string;
  /** Default: newest. A cursor goes with the order that it was made in. */
  readonly order?: TaskOrder;
  readonly limit?: number;
  readonly cursor?: string;
  /** Also counts all that the filter finds, which reads them all. */
  readonly counted?: boolean;
}

/** `priority`: higher first, then older; `updated`: changed last first. */
export const taskOrders = ["newest", "oldest", "priority", "updated"] as const;
export type TaskOrder = (typeof taskOrders)[number];

export interface TaskPage {
  /** In the order asked for; without `attempts`' history: only the latest attempt is filled. */
  readonly items: readonly Task[];
  readonly nextCursor: string | null;
  /** Where it was asked for: of all pages together. */
  readonly total?: number;
}
