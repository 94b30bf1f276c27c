import { taskStatuses, type TaskStatus } from "@keruta/shared/domain";
import type { Query } from "../api/api.ts";

export const orders = ["newest", "oldest", "priority", "updated"] as const;
type Order = (typeof orders)[number];

/** What the list shows, as its address says it. */
export interface ListQuery {
  readonly statuses: readonly TaskStatus[];
  readonly labels: string;
  readonly search: string;
  readonly order: Order;
  /** Of the pages before this one, the first page's left out; the last is of this one. */
  readonly cursors: readonly string[];
}

export function listQueryOf(search: URLSearchParams): ListQuery {
  const statuses = new Set(search.get("status")?.split(","));
  return {
    statuses: taskStatuses.filter((status) => statuses.has(status)),
    labels: search.get("label") ?? "",
    search: search.get("search") ?? "",
    order: orders.find((order) => order === search.get("order")) ?? "newest",
    cursors: (search.get("page") ?? "").split("~").filter((cursor) => cursor !== ""),
  };
}

const pageSize = 50;

/** The API's question for it. */
export function apiQueryOf({ statuses, labels, search, order, cursors }: ListQuery): Query {
  return {
    status: statuses,
    label: labels.trim() === "" ? undefined : labels,
    search: search === "" ? undefined : search,
    order,
    cursor: cursors.at(-1),
    counted: "true",
    limit: pageSize,
  };
}
