import { reasonExplanations, withId, type TaskJson } from "@keruta/shared/domain";
import { useState } from "preact/hooks";
import { Problem } from "../api/problem.ts";
import { say } from "../language/language.ts";
import { useLive } from "../live/use-live.ts";
import { LogButton } from "../logs/log-button.tsx";
import { Link } from "../routing/link.tsx";
import { navigate } from "../routing/place.ts";
import { api, may } from "../session/session.ts";
import { ActionDialog } from "../task/action-dialog.tsx";
import { applies, taskActions, type TaskAction } from "../task/actions.ts";
import { Labels } from "../task/labels.tsx";
import { ProgressBar, TaskState } from "../task/task-state.tsx";
import { visible } from "../text/visible.ts";
import { Heading } from "../ui/heading.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { notice } from "../ui/notices.tsx";
import { Plain } from "../ui/plain.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import { Moment } from "../ui/time.tsx";
import { common } from "../words/common.ts";
import { Artifacts } from "./artifacts.tsx";
import { Attempts } from "./attempts.tsx";
import { Definition } from "./definition.tsx";
import { Facts } from "./facts.tsx";
import { createTaskLoader, type TaskDetails } from "./load-task.ts";
import { words } from "./page-words.ts";
import { Timeline } from "./timeline.tsx";

export function TaskScreen({ id }: { readonly id: string }) {
  const [load] = useState(() => createTaskLoader(api, id));
  const live = useLive(id, load, { concerns: ({ taskId }) => taskId === id });
  const [action, setAction] = useState<TaskAction | undefined>();
  if (live.problem instanceof Problem && live.problem.status === 404) return <Missing />;
  return (
    <Loaded live={live}>
      {(details) => (
        <>
          <TaskHead task={details.task} onAction={setAction} />
          <TaskBody details={details} />
          {action && (
            <ActionDialog
              action={action}
              tasks={[details.task]}
              onClose={() => {
                setAction(undefined);
                live.reload();
              }}
              onDone={(outcomes) => {
                if (action !== "delete" || outcomes.some(({ problem }) => problem !== null)) return;
                notice("done", say(words.deleted));
                navigate("/tasks", { replace: true });
              }}
            />
          )}
        </>
      )}
    </Loaded>
  );
}

function Missing() {
  return (
    <>
      <Heading title={say(words.noSuchTask)} name={say(words.noSuchTask)} />
      <Link to="/tasks">{say(words.toList)}</Link>
    </>
  );
}

interface TaskHeadProps {
  readonly task: TaskJson;
  readonly onAction: (action: TaskAction) => void;
}

const actionLabels = { cancel: common.cancelTask, retry: common.retry, delete: common.delete } as const;

function TaskHead({ task, onAction }: TaskHeadProps) {
  return (
    <Heading title={<Plain text={task.title} />} name={visible(task.title)}>
      <LogButton task={task} />
      {may("write") && (
        <>
          <Link class="button" to={`/tasks/${task.id}/copy`}>
            {say(common.runAgain)}
          </Link>
          {task.status === "PENDING" && (
            <Link class="button" to={`/tasks/${task.id}/edit`}>
              {say(common.edit)}
            </Link>
          )}
          {taskActions
            .filter((action) => applies(action, task))
            .map((action) => (
              <button
                key={action}
                type="button"
                class={`button ${action === "delete" ? "button-danger" : ""}`}
                onClick={() => {
                  onAction(action);
                }}
              >
                {say(actionLabels[action])}
              </button>
            ))}
        </>
      )}
    </Heading>
  );
}

function TaskBody({ details: { task, events, artifacts } }: { readonly details: TaskDetails }) {
  const { percent, message } = task.progress;
  return (
    <div class="grid">
      <div class="column">
        <section class="panel">
          <h2>{say(words.overview)}</h2>
          <Facts
            facts={[
              ["ID", <span class="id">{task.id}</span>],
              [say(common.status), <StatusBadge status={task.status} />],
              [
                say(words.progress),
                percent === null && message === "" ? null : (
                  <>
                    {percent !== null && <ProgressBar percent={percent} />} <Plain text={message} />
                  </>
                ),
              ],
              [
                say(words.description),
                task.description === "" ? null : <Plain text={task.description} lines />,
              ],
              [say(common.priority), task.priority],
              [
                say(common.labels),
                Object.keys(task.labels).length === 0 ? null : <Labels labels={task.labels} />,
              ],
              [say(common.created), <Moment time={task.createdAt} />],
              [say(words.createdBy), <Plain text={task.createdBy} />],
              [say(words.updated), <Moment time={task.updatedAt} />],
            ]}
          />
        </section>
        <Why task={task} />
        <section class="panel">
          <h2>{say(words.attempts)}</h2>
          <Attempts task={task} />
        </section>
      </div>
      <div class="column">
        <section class="panel">
          <h2>{say(common.artifacts)}</h2>
          <Artifacts task={task} files={artifacts} />
        </section>
        <section class="panel">
          <h2>{say(words.timeline)}</h2>
          <Timeline events={events} />
        </section>
        <section class="panel">
          <h2>{say(words.definition)}</h2>
          <Definition task={task} />
        </section>
      </div>
    </div>
  );
}

/** What it waits for, or why it ended as it did and what to do about it. */
function Why({ task }: { readonly task: TaskJson }) {
  const { attempt, pending, status } = task;
  if (status === "PENDING" && pending) {
    return (
      <section class="panel panel-why">
        <h2>{say(words.why)}</h2>
        <p>
          <TaskState task={task} long />
        </p>
      </section>
    );
  }
  if (status === "IN_PROGRESS" || !attempt || attempt.reason === null || attempt.reason === "Completed")
    return null;
  const { what, remedy } = reasonExplanations[attempt.reason];
  return (
    <section class="panel panel-why">
      <h2>
        {say(common.reason)}: {attempt.reason}
      </h2>
      <p>{say(what)}</p>
      {attempt.message !== "" && (
        <p class="lines quiet">
          <Plain text={attempt.message} lines />
        </p>
      )}
      <h3>{say(common.remedy)}</h3>
      <p>{say(withId(remedy, task.id))}</p>
    </section>
  );
}
