import type { TaskJson } from "@keruta/shared/domain";
import { say } from "../language/language.ts";
import { LogButton } from "../logs/log-button.tsx";
import { may } from "../session/session.ts";
import { Labels } from "../task/labels.tsx";
import { TaskName } from "../task/task-name.tsx";
import { TaskState } from "../task/task-state.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import { Age } from "../ui/time.tsx";
import { common } from "../words/common.ts";
import { words } from "./task-list-words.ts";

interface TaskTableProps {
  readonly tasks: readonly TaskJson[];
  readonly chosen: ReadonlySet<string>;
  readonly onChosen: (chosen: ReadonlySet<string>) => void;
}

/** On a phone its rows are cards: the roles say that it is a table there too. */
export function TaskTable({ tasks, chosen, onChosen }: TaskTableProps) {
  const canChoose = may("write");
  const isAll = tasks.length > 0 && tasks.every(({ id }) => chosen.has(id));
  return (
    <div class="table-frame">
      <table class="table" role="table" aria-label={say(words.title)}>
        <thead role="rowgroup">
          <tr role="row">
            {canChoose && (
              <th scope="col" role="columnheader" class="cell-check">
                <input
                  type="checkbox"
                  aria-label={say(words.chooseAll)}
                  checked={isAll}
                  onChange={() => {
                    onChosen(new Set(isAll ? [] : tasks.map(({ id }) => id)));
                  }}
                />
              </th>
            )}
            {[common.title, common.status, words.state, common.priority, common.labels, common.created].map(
              (text) => (
                <th key={text.en} scope="col" role="columnheader">
                  {say(text)}
                </th>
              ),
            )}
            <th scope="col" role="columnheader">
              {say(words.actions)}
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {tasks.map((task) => (
            <Row
              key={task.id}
              task={task}
              isChosen={chosen.has(task.id)}
              onChoose={
                canChoose
                  ? () => {
                      const next = new Set(chosen);
                      if (!next.delete(task.id)) next.add(task.id);
                      onChosen(next);
                    }
                  : undefined
              }
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly task: TaskJson;
  readonly isChosen: boolean;
  readonly onChoose: (() => void) | undefined;
}

function Row({ task, isChosen, onChoose }: RowProps) {
  const { title, status, priority, labels, createdAt } = task;
  return (
    <tr role="row" class={isChosen ? "is-chosen" : ""}>
      {onChoose && (
        <td role="cell" class="cell-check">
          <input
            type="checkbox"
            aria-label={say(words.choose(title))}
            checked={isChosen}
            onChange={onChoose}
          />
        </td>
      )}
      <td role="cell" class="cell-name">
        <TaskName task={task} />
      </td>
      <td role="cell">
        <StatusBadge status={status} />
      </td>
      <td role="cell">
        <TaskState task={task} />
      </td>
      <td role="cell" class="cell-number" data-label={say(common.priority)}>
        {priority}
      </td>
      <td role="cell">
        <Labels labels={labels} />
      </td>
      <td role="cell" class="cell-time" data-label={say(common.created)}>
        <Age time={createdAt} />
      </td>
      <td role="cell" class="cell-actions">
        <LogButton task={task} />
      </td>
    </tr>
  );
}
