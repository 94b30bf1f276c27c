import { phaseWords, type Event } from "@keruta/shared/domain";
import { say } from "../language/language.ts";
import { Plain } from "../ui/plain.tsx";
import { Moment } from "../ui/time.tsx";
import { eventWords, sayPhase, statusWords } from "../words/task-words.ts";
import { words } from "./page-words.ts";

const shownAtMost = 200;

/** What happened to the task last, in order. */
export function Timeline({ events }: { readonly events: readonly Event[] }) {
  const shown = events.slice(-shownAtMost);
  return (
    <>
      {events.length > shown.length && <p class="quiet">{say(words.more(events.length - shown.length))}</p>}
      <ol class="timeline">
        {shown.map((event) => (
          <li key={event.seq}>
            <Moment time={event.time} />
            <span>
              {say(eventWords[event.type])}
              {event.attempt !== null && <span class="quiet"> #{event.attempt}</span>}
              <Detail event={event} />
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}

function Detail({ event: { data } }: { readonly event: Event }) {
  const { phase, status, reason, message, percent, by } = data;
  const parts = [
    isKey(phase, phaseWords) && sayPhase(phase),
    isKey(status, statusWords) && say(statusWords[status]),
    typeof reason === "string" && reason,
    typeof percent === "number" && `${String(percent)}%`,
    typeof message === "string" && message,
    typeof by === "string" && by,
  ].filter((part) => typeof part === "string" && part !== "");
  if (parts.length === 0) return null;
  return (
    <>
      {": "}
      <Plain text={parts.join(" · ")} />
    </>
  );
}

function isKey<T extends object>(key: unknown, of: T): key is keyof T {
  return typeof key === "string" && Object.hasOwn(of, key);
}
