import { reasonExplanations, taskStatuses, withId, type TaskJson } from "@keruta/shared/domain";
import type { ComponentChildren } from "preact";
import { useEffect } from "preact/hooks";
import { browser } from "../compose/browser.ts";
import { say } from "../language/language.ts";
import { useLive } from "../live/use-live.ts";
import { LogButton } from "../logs/log-button.tsx";
import { Link } from "../routing/link.tsx";
import { isExpired } from "../session/session.ts";
import { NewTaskLink } from "../task/new-task-link.tsx";
import { TaskName } from "../task/task-name.tsx";
import { TaskState } from "../task/task-state.tsx";
import { Heading } from "../ui/heading.tsx";
import { Icon } from "../ui/icon.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import { Age } from "../ui/time.tsx";
import { loadStatus, type Status, type Worker } from "./load-status.ts";
import { words } from "./status-words.ts";

/** Workers come and go without an event. */
const lookMilliseconds = 15_000;

/** What an operator wants to know first. */
export function StatusScreen() {
  const live = useLive("status", (signal) => loadStatus(browser.clock, signal));
  useEffect(() => {
    if (isExpired.value) return undefined;
    const timer = setInterval(live.reload, lookMilliseconds);
    return () => {
      clearInterval(timer);
    };
  }, [isExpired.value]);
  return (
    <>
      <Heading title={say(words.title)} name={say(words.title)}>
        <NewTaskLink />
      </Heading>
      <Loaded live={live}>{(status) => <StatusBody status={status} />}</Loaded>
    </>
  );
}

function StatusBody({ status }: { readonly status: Status }) {
  const { counts, paused, running, waiting, failedToday, isFailedCut, workers } = status;
  return (
    <>
      {paused && (
        <p class="note note-warning">
          <Icon name="warning" />
          {say(words.paused)}
        </p>
      )}
      <ul class="counts" aria-label={say(words.counts)}>
        {taskStatuses.map((one) => (
          <li key={one}>
            <Link to={`/tasks?status=${one}`}>
              <span class="count">{counts[one]}</span>
              <StatusBadge status={one} />
            </Link>
          </li>
        ))}
      </ul>
      <div class="grid">
        <div class="column">
          <TaskPanel
            title={say(words.running)}
            empty={say(words.nothingRuns)}
            tasks={running}
            all={counts.IN_PROGRESS}
            to="IN_PROGRESS"
          >
            {(task) => <TaskState task={task} />}
          </TaskPanel>
          <TaskPanel
            title={say(words.failedToday)}
            empty={say(words.nothingFailed)}
            tasks={failedToday}
            all={isFailedCut ? counts.FAILED : failedToday.length}
            to="FAILED"
          >
            {(task) => <Failure task={task} />}
          </TaskPanel>
        </div>
        <div class="column">
          <TaskPanel
            title={say(words.waiting)}
            empty={say(words.nothingWaits)}
            tasks={waiting}
            all={counts.PENDING}
            to="PENDING"
          >
            {(task) => <TaskState task={task} long />}
          </TaskPanel>
          <Workers workers={workers} />
        </div>
      </div>
    </>
  );
}

interface TaskPanelProps {
  readonly title: string;
  readonly empty: string;
  readonly tasks: readonly TaskJson[];
  readonly all: number;
  /** The status that the whole list is filtered by. */
  readonly to: string;
  readonly children: (task: TaskJson) => ComponentChildren;
}

function TaskPanel({ title, empty, tasks, all, to, children }: TaskPanelProps) {
  return (
    <section class="panel">
      <h2>{title}</h2>
      {tasks.length === 0 && <p class="quiet">{empty}</p>}
      {tasks.length > 0 && (
        <ul class="items">
          {tasks.map((task) => (
            <li key={task.id}>
              <div class="item-text">
                <TaskName task={task} />
                {children(task)}
              </div>
              <LogButton task={task} />
            </li>
          ))}
        </ul>
      )}
      {all > tasks.length && <Link to={`/tasks?status=${to}`}>{`${say(words.all)} (${String(all)})`}</Link>}
    </section>
  );
}

function Failure({ task }: { readonly task: TaskJson }) {
  const { id, attempt } = task;
  return (
    <>
      <span class="state">
        <TaskState task={task} />
        {attempt?.finishedAt != null && (
          <>
            {" · "}
            <Age time={attempt.finishedAt} />
          </>
        )}
      </span>
      {attempt?.reason != null && (
        <span class="quiet">{say(withId(reasonExplanations[attempt.reason].remedy, id))}</span>
      )}
    </>
  );
}

function Workers({ workers }: { readonly workers: readonly Worker[] | null }) {
  return (
    <section class="panel">
      <h2>{say(words.workers)}</h2>
      {workers === null && <p class="quiet">{say(words.workersElsewhere)}</p>}
      {workers?.length === 0 && (
        <p class="note note-warning">
          <Icon name="warning" />
          <span>{say(words.noWorkers)}</span>
        </p>
      )}
      {workers !== null && workers.length > 0 && (
        <ul class="items">
          {workers.map(({ name, attempts }) => (
            <li key={name}>
              <bdi>{name}</bdi>
              <span class="quiet">{say(words.attempts(attempts))}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
