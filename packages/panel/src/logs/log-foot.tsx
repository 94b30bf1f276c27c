import { useState } from "preact/hooks";
import { say } from "../language/language.ts";
import { Check } from "../ui/field.tsx";
import { Form } from "../ui/form.tsx";
import { Icon } from "../ui/icon.tsx";
import type { LogSession } from "./log-session.ts";
import { lastOfAll } from "./log-window.ts";
import { words } from "./log-words.ts";

interface LogFootProps {
  readonly session: LogSession;
  readonly isLive: boolean;
  readonly onLine: (line: number) => void;
}

/** Where in the log one is, and ways to elsewhere. */
export function LogFoot({ session, isLive, onLine }: LogFootProps) {
  const [line, setLine] = useState("");
  const { window, isFollowing } = session.view.value;
  const connection = session.connection.value;
  const first = window?.records[0]?.sequence;
  const states = {
    connecting: words.connecting,
    connected: words.live,
    waiting: words.waiting,
    ended: words.ended,
  };
  return (
    <footer class="log-foot">
      <span role="status" class={`log-connection log-connection-${connection}`}>
        {connection === "waiting" && <Icon name="warning" />}
        {say(states[connection])}
      </span>
      {window && first !== undefined && (
        <span class="quiet">{say(words.position(first, lastOfAll(window.records), window.lastKnown))}</span>
      )}
      <span class="log-foot-rest">
        {isLive && connection !== "ended" && (
          <Check
            label={say(words.follow)}
            checked={isFollowing}
            onValue={(follows) => {
              if (follows) session.open("end");
              else session.setFollowing(false);
            }}
          />
        )}
        <button
          type="button"
          class="button"
          onClick={() => {
            session.open("start");
          }}
        >
          <Icon name="up" />
          {say(words.toStart)}
        </button>
        <button
          type="button"
          class="button"
          onClick={() => {
            session.open("end");
          }}
        >
          <Icon name="down" />
          {say(words.toEnd)}
        </button>
        <Form
          class="row"
          label={say(words.line)}
          onSubmit={() => {
            const number = Number(line);
            if (Number.isSafeInteger(number) && number > 0) onLine(number);
          }}
        >
          <input
            type="text"
            inputMode="numeric"
            class="log-line-input"
            aria-label={say(words.line)}
            placeholder={say(words.line)}
            value={line}
            onInput={(event) => {
              setLine(event.currentTarget.value.normalize("NFKC"));
            }}
          />
          <button type="submit" class="button">
            {say(words.go)}
          </button>
        </Form>
      </span>
    </footer>
  );
}
