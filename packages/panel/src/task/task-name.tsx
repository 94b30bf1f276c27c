import type { TaskJson } from "@keruta/shared/domain";
import { Link } from "../routing/link.tsx";
import { Plain } from "../ui/plain.tsx";

/** A task by its title and id, as a link to its page. */
export function TaskName({ task: { id, title } }: { readonly task: Pick<TaskJson, "id" | "title"> }) {
  return (
    <span class="task-name">
      <Link to={`/tasks/${id}`}>
        <Plain text={title === "" ? id : title} />
      </Link>
      {title !== "" && <span class="id">{id}</span>}
    </span>
  );
}
