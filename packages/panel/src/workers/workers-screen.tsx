import { useEffect, useState } from "preact/hooks";
import { say } from "../language/language.ts";
import { useLive } from "../live/use-live.ts";
import { api, isExpired, may } from "../session/session.ts";
import { Confirm } from "../ui/confirm.tsx";
import { Heading } from "../ui/heading.tsx";
import { Icon } from "../ui/icon.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { Table } from "../ui/table.tsx";
import { Plain } from "../ui/plain.tsx";
import { ProblemNote } from "../ui/problem-note.tsx";
import { Moment } from "../ui/time.tsx";
import { useAction } from "../ui/use-action.ts";
import { words } from "./workers-words.ts";

interface Worker {
  readonly name: string;
  readonly aliveUntil: string;
  readonly attempts: number;
}

interface Drivers {
  readonly workers: readonly Worker[];
  readonly paused: boolean;
}

/** They come and go without an event. */
const lookMilliseconds = 15_000;

export function WorkersScreen() {
  const live = useLive<Drivers>("workers", async (signal) => {
    const [{ items: workers }, { paused }] = await Promise.all([
      api.json<{ readonly items: readonly Worker[] }>({ path: "/workers", signal }),
      api.json<{ readonly paused: boolean }>({ path: "/queue", signal }),
    ]);
    return { workers, paused };
  });
  useEffect(() => {
    if (isExpired.value) return undefined;
    const timer = setInterval(live.reload, lookMilliseconds);
    return () => {
      clearInterval(timer);
    };
  }, [isExpired.value]);
  return (
    <>
      <Heading title={say(words.title)} name={say(words.title)} />
      <Loaded live={live}>
        {({ workers, paused }) => (
          <>
            <Pause paused={paused} onChange={live.reload} />
            {workers.length === 0 ? (
              <p class="note note-warning">
                <Icon name="warning" />
                <span>{say(words.none)}</span>
              </p>
            ) : (
              <WorkerTable workers={workers} />
            )}
          </>
        )}
      </Loaded>
    </>
  );
}

function WorkerTable({ workers }: { readonly workers: readonly Worker[] }) {
  return (
    <Table label={words.title} heads={[words.name, words.attempts, words.alive]}>
      {workers.map(({ name, attempts, aliveUntil }) => (
        <tr key={name} role="row">
          <td role="cell" class="cell-name">
            <Plain text={name} />
          </td>
          <td role="cell" class="cell-number" data-label={say(words.attempts)}>
            {attempts}
          </td>
          <td role="cell" class="cell-time" data-label={say(words.alive)}>
            <Moment time={aliveUntil} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

interface PauseProps {
  readonly paused: boolean;
  readonly onChange: () => void;
}

function Pause({ paused, onChange }: PauseProps) {
  const [isAsking, setAsking] = useState(false);
  const action = useAction();
  const set = (next: boolean) => {
    setAsking(false);
    action.run(async () => {
      await api.send({ method: "PATCH", path: "/queue", json: { paused: next } });
      onChange();
    });
  };
  return (
    <section class={paused ? "note note-warning" : "panel"}>
      <div class="row">
        <p role="status">{say(paused ? words.paused : words.running)}</p>
        {may("administer") && (
          <button
            type="button"
            class="button"
            disabled={action.isRunning}
            onClick={() => {
              if (paused) set(false);
              else setAsking(true);
            }}
          >
            {say(paused ? words.resume : words.pause)}
          </button>
        )}
      </div>
      {action.problem && <ProblemNote problem={action.problem} />}
      {isAsking && (
        <Confirm
          title={say(words.pause)}
          action={say(words.pause)}
          onConfirm={() => {
            set(true);
          }}
          onClose={() => {
            setAsking(false);
          }}
        >
          <p>{say(words.pauseWhy)}</p>
        </Confirm>
      )}
    </section>
  );
}
