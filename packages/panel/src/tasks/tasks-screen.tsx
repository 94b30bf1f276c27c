import type { TaskListJson } from "@keruta/shared/domain";
import { useEffect, useState } from "preact/hooks";
import { apiUrl } from "../api/api.ts";
import { say } from "../language/language.ts";
import { useLive } from "../live/use-live.ts";
import { place } from "../routing/place.ts";
import { api } from "../session/session.ts";
import { ActionDialog } from "../task/action-dialog.tsx";
import { applies, taskActions, type TaskAction } from "../task/actions.ts";
import { NewTaskLink } from "../task/new-task-link.tsx";
import { Heading } from "../ui/heading.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { common } from "../words/common.ts";
import { FilterBar } from "./filter-bar.tsx";
import { apiQueryOf, listQueryOf } from "./list-query.ts";
import { Pages } from "./pages.tsx";
import { words } from "./task-list-words.ts";
import { TaskTable } from "./task-table.tsx";

const actionLabels = { cancel: common.cancelTask, retry: common.retry, delete: common.delete } as const;

export function TasksScreen() {
  const query = listQueryOf(place.value.search);
  const question = apiQueryOf(query);
  const live = useLive(apiUrl("/tasks", question), (signal) =>
    api.json<TaskListJson>({ path: "/tasks", query: question, signal }),
  );
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [action, setAction] = useState<TaskAction | undefined>();
  // What is chosen is what one sees.
  const key = apiUrl("", question);
  useEffect(() => {
    setChosen(new Set());
  }, [key]);
  const tasks = live.data?.items ?? [];
  const chosenTasks = tasks.filter(({ id }) => chosen.has(id));

  return (
    <>
      <Heading title={say(words.title)} name={say(words.title)}>
        <NewTaskLink />
      </Heading>
      <FilterBar query={query} />
      <Loaded live={live}>
        {({ items, nextCursor, total = 0 }) => (
          <>
            <div class="row row-apart list-head">
              <p role="status" class="quiet">
                {say(words.count(total))}
              </p>
              {chosenTasks.length > 0 && (
                <div class="row" role="group" aria-label={say(words.bulk)}>
                  <span>{say(words.chosen(chosenTasks.length))}</span>
                  {taskActions.map((one) => (
                    <button
                      key={one}
                      type="button"
                      class={`button ${one === "delete" ? "button-danger" : ""}`}
                      disabled={!chosenTasks.some((task) => applies(one, task))}
                      onClick={() => {
                        setAction(one);
                      }}
                    >
                      {say(actionLabels[one])}
                    </button>
                  ))}
                </div>
              )}
            </div>
            {items.length === 0 ? (
              <p class="empty">{say(words.empty)}</p>
            ) : (
              <TaskTable tasks={items} chosen={chosen} onChosen={setChosen} />
            )}
            <Pages cursors={query.cursors} nextCursor={nextCursor} isLoading={live.isLoading} />
          </>
        )}
      </Loaded>
      {action && (
        <ActionDialog
          action={action}
          tasks={chosenTasks}
          onClose={() => {
            setAction(undefined);
          }}
          onDone={() => {
            setChosen(new Set());
            live.reload();
          }}
        />
      )}
    </>
  );
}
