import { isTaskIdPrefix } from "../../domain/id.ts";
import { all, first, statement, type Program } from "./program.ts";
import { taskNotFound } from "../../domain/task/task-not-found.ts";
import { taskIdAmbiguous } from "./failures.ts";

const maxCandidates = 10;

const selectLast = statement((db) => db.selectFrom("tasks").select("id").orderBy("seq", "desc").limit(1));

const selectByPrefix = statement((db, p: { from: string; to: string }) =>
  db
    .selectFrom("tasks")
    .select("id")
    .where("id", ">=", p.from)
    .where("id", "<", p.to)
    .orderBy("id")
    .limit(maxCandidates),
);

export function* resolveTaskId(reference: string): Program<string> {
  if (reference === "@last") {
    const last = yield* first(selectLast({}));
    if (!last) throw taskNotFound(reference);
    return last.id;
  }
  if (!isTaskIdPrefix(reference)) throw taskNotFound(reference);
  // "{" comes after every character of an id.
  const found = yield* all(selectByPrefix({ from: reference, to: `${reference}{` }));
  const [one, another] = found;
  if (!one) throw taskNotFound(reference);
  if (another) {
    throw taskIdAmbiguous(
      reference,
      found.map(({ id }) => id),
    );
  }
  return one.id;
}
