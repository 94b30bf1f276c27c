import { useState } from "preact/hooks";
import { say } from "../language/language.ts";
import { api } from "../session/session.ts";
import { Icon } from "../ui/icon.tsx";
import { Plain } from "../ui/plain.tsx";
import { ProblemNote } from "../ui/problem-note.tsx";
import { useAction } from "../ui/use-action.ts";
import { words } from "./settings-words.ts";

interface Check {
  readonly name: string;
  readonly status: "ok" | "warning" | "failed";
  readonly message: string;
  readonly remedy: string | null;
}

interface Findings {
  readonly ok: boolean;
  readonly items: readonly Check[];
}

const icons = { ok: "done", warning: "warning", failed: "failed" } as const;

/** What `keruta doctor` would say on the server: its database, its cluster, its rights there. */
export function ConnectionTest() {
  const [findings, setFindings] = useState<Findings | undefined>();
  const action = useAction();
  return (
    <section class="panel">
      <div class="row">
        <button
          type="button"
          class="button button-main"
          disabled={action.isRunning}
          onClick={() => {
            action.run(async () => {
              setFindings(await api.json<Findings>({ path: "/doctor" }));
            });
          }}
        >
          {say(action.isRunning ? words.testing : words.test)}
        </button>
        <p role="status">{findings && say(findings.ok ? words.allWell : words.notWell)}</p>
      </div>
      {action.problem && <ProblemNote problem={action.problem} />}
      {findings && (
        <ul class="items checks">
          {findings.items.map(({ name, status, message, remedy }) => (
            <li key={name} class={`check-${status}`}>
              <span class="check-state">
                <Icon name={icons[status]} />
                {say(words[status])}
              </span>
              <div class="item-text">
                <strong>{name}</strong>
                <Plain text={message} lines />
                {remedy !== null && (
                  <p class="hint">
                    <Plain text={remedy} lines />
                  </p>
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
