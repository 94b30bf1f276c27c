import type { TaskJson } from "@keruta/shared/domain";
import { useEffect, useMemo, useState } from "preact/hooks";
import { browser } from "../compose/browser.ts";
import { download } from "../download/download.ts";
import { say } from "../language/language.ts";
import { useLive } from "../live/use-live.ts";
import { api, isExpired } from "../session/session.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { notice } from "../ui/notices.tsx";
import { Plain } from "../ui/plain.tsx";
import { ProblemNote } from "../ui/problem-note.tsx";
import { StatusBadge } from "../ui/status-badge.tsx";
import type { LogAddress } from "./log-address.ts";
import { LogFoot } from "./log-foot.tsx";
import { LogRows } from "./log-rows.tsx";
import { createLogSession } from "./log-session.ts";
import { createLogSource, type LogFilter } from "./log-source.ts";
import { LogToolbar, type LogLook } from "./log-toolbar.tsx";
import { words } from "./log-words.ts";
import { closeLog, openLog } from "./open-log.ts";

const noFilter: LogFilter = { level: undefined, stream: undefined, keyword: "" };
const lookKey = "keruta.log.look";

export function LogDialog({ address }: { readonly address: LogAddress }) {
  const { taskId } = address;
  const live = useLive(
    taskId,
    (signal) => api.json<TaskJson>({ path: `/tasks/${taskId}`, signal }),
    // The stream of the log tells all else.
    { concerns: ({ taskId: id, type }) => id === taskId && type !== "Progress" },
  );
  const task = live.data;
  return (
    <Dialog
      size="full"
      title={
        task ? (
          <span class="log-title">
            {say(words.title)}: <Plain text={task.title} /> <StatusBadge status={task.status} />
          </span>
        ) : (
          say(words.title)
        )
      }
      onClose={closeLog}
    >
      <Loaded live={live}>{(loaded) => <LogBody task={loaded} address={address} />}</Loaded>
    </Dialog>
  );
}

function LogBody({ task, address }: { readonly task: TaskJson; readonly address: LogAddress }) {
  const number = address.attempt ?? task.attempts.at(-1)?.number;
  if (number === undefined) return <p class="empty">{say(words.notStarted)}</p>;
  return <AttemptLog task={task} number={number} address={address} />;
}

interface AttemptLogProps {
  readonly task: TaskJson;
  readonly number: number;
  readonly address: LogAddress;
}

function AttemptLog({ task, number, address: { line } }: AttemptLogProps) {
  const [filter, setFilter] = useState(noFilter);
  const [look, setLook] = useState(readLook);
  const attempt = task.attempts.find((one) => one.number === number);
  const isRunning = attempt?.finishedAt === null;
  // An attempt that ends while it is looked at ends its stream itself.
  const [wasRunning] = useState(isRunning);
  const isSame = JSON.stringify([task.id, number, filter]);

  const session = useMemo(() => {
    const source = createLogSource(api, { taskId: task.id, attempt: number }, filter);
    return createLogSession(api, source, isRunning || wasRunning, line ?? "end");
  }, [isSame]);
  useEffect(
    () => () => {
      session.close();
    },
    [session],
  );
  useEffect(() => {
    const { opened } = session.view.peek();
    if (line !== undefined && opened.at !== line) session.open(line);
  }, [line, session]);
  useEffect(() => {
    if (!isExpired.value) session.resume();
  }, [isExpired.value, session]);

  const { window, problem } = session.view.value;
  const isEmpty = window?.records.length === 0;
  const isFiltered = filter.level !== undefined || filter.stream !== undefined || filter.keyword !== "";
  return (
    <div class="log">
      <LogToolbar
        task={task}
        attempt={number}
        filter={filter}
        look={look}
        onAttempt={(chosen) => {
          openLog({ taskId: task.id, attempt: chosen, line: undefined }, { replace: true });
        }}
        onFilter={setFilter}
        onLook={(chosen) => {
          setLook(chosen);
          browser.local.write(lookKey, JSON.stringify(chosen));
        }}
        onDownload={() => {
          const path = `/tasks/${task.id}/log`;
          download(path, { attempt: number }, `${task.id}-${String(number)}.log`).catch((error: unknown) => {
            notice("problem", error instanceof Error ? error.message : String(error));
          });
        }}
      />
      {problem && (
        <ProblemNote
          problem={problem}
          onAgain={() => {
            session.open("end");
          }}
        />
      )}
      {attempt?.log?.removedAt !== undefined && <p class="empty">{say(words.removed)}</p>}
      {isEmpty && attempt?.log?.removedAt === undefined && (
        <p class="empty">{say(isFiltered ? words.noMatch : words.empty)}</p>
      )}
      {!isEmpty && <LogRows session={session} {...look} target={line} />}
      <LogFoot
        session={session}
        isLive={isRunning || wasRunning}
        onLine={(chosen) => {
          if (chosen === line) session.open(chosen);
          else openLog({ taskId: task.id, attempt: number, line: chosen }, { replace: true });
        }}
      />
    </div>
  );
}

function readLook(): LogLook {
  const usual: LogLook = { encoding: "utf-8", showsTime: true, wraps: true };
  try {
    const stored = JSON.parse(browser.local.read(lookKey) ?? "{}") as Partial<LogLook>;
    // An encoding is of one log, not of a person.
    return { ...usual, showsTime: stored.showsTime ?? true, wraps: stored.wraps ?? true };
  } catch {
    return usual;
  }
}
