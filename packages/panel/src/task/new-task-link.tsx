import { say } from "../language/language.ts";
import { Link } from "../routing/link.tsx";
import { may } from "../session/session.ts";
import { common } from "../words/common.ts";

/** For those who may. */
export function NewTaskLink() {
  if (!may("write")) return null;
  return (
    <Link class="button button-main" to="/new-task">
      {say(common.newTask)}
    </Link>
  );
}
