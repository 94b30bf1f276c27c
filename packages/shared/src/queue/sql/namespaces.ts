import { sql, type Expression, type SqlBool } from "kysely";
import type { NamespaceScope } from "../queue.ts";

/** Whether a task's namespace is in the scope. */
export function inNamespaces(scope: NamespaceScope, column: string): Expression<SqlBool> {
  const named = scope.filter((namespace) => namespace !== null);
  const ref = sql.ref(column);
  const among = named.length === 0 ? sql<boolean>`1 = 0` : sql<boolean>`${ref} in (${sql.join(named)})`;
  return scope.includes(null) ? sql<boolean>`(${ref} is null or ${among})` : among;
}
