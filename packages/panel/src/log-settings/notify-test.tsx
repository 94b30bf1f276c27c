import { useState } from "preact/hooks";
import { say } from "../language/language.ts";
import { api } from "../session/session.ts";
import { Icon } from "../ui/icon.tsx";
import { Plain } from "../ui/plain.tsx";
import { ProblemNote } from "../ui/problem-note.tsx";
import { useAction } from "../ui/use-action.ts";
import { words } from "./log-settings-words.ts";

interface ChannelTest {
  readonly channel: string;
  readonly ok: boolean;
  readonly detail: string;
}

interface NotifyTestProps {
  readonly onSent: () => void;
}

/** Really sends, to where the stored rules would. */
export function NotifyTest({ onSent }: NotifyTestProps) {
  const [results, setResults] = useState<readonly ChannelTest[] | undefined>();
  const action = useAction();
  return (
    <section class="panel">
      <h2>{say(words.test)}</h2>
      <p>{say(words.testWhy)}</p>
      <p class="hint">{say(words.secrets)}</p>
      <div class="row">
        <button
          type="button"
          class="button button-main"
          disabled={action.isRunning}
          onClick={() => {
            action.run(async () => {
              const call = { method: "POST", path: "/notifications/test", json: {} } as const;
              setResults((await api.json<{ readonly items: readonly ChannelTest[] }>(call)).items);
              onSent();
            });
          }}
        >
          {say(action.isRunning ? words.sending : words.test)}
        </button>
      </div>
      {action.problem && <ProblemNote problem={action.problem} />}
      <div role="status">
        {results?.length === 0 && <p class="note note-warning">{say(words.noChannel)}</p>}
        <ul class="items checks">
          {results?.map(({ channel, ok, detail }) => (
            <li key={channel} class={ok ? "check-ok" : "check-failed"}>
              <span class="check-state">
                <Icon name={ok ? "done" : "failed"} />
                {say(ok ? words.sent : words.notSent)}
              </span>
              <div class="item-text">
                <strong>
                  <Plain text={channel} />
                </strong>
                <Plain text={detail} lines />
              </div>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
