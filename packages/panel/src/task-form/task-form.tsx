import type { TaskJson } from "@keruta/shared/domain";
import { useState } from "preact/hooks";
import { complaintsOf, Problem } from "../api/problem.ts";
import { browser } from "../compose/browser.ts";
import { say } from "../language/language.ts";
import { navigate } from "../routing/place.ts";
import { useUnsaved } from "../routing/leaving.ts";
import { api } from "../session/session.ts";
import { AreaField } from "../ui/field.tsx";
import { Form } from "../ui/form.tsx";
import { notice } from "../ui/notices.tsx";
import { ProblemNote } from "../ui/problem-note.tsx";
import { useAction } from "../ui/use-action.ts";
import { complain, placed, type Complaints } from "./complain.ts";
import { asForm, asJson, bodyOf, entryOf, isChanged, parsed, type Entry } from "./entry.ts";
import type { Draft, Fields } from "./fields.ts";
import { FormFields } from "./form-fields.tsx";
import { common } from "../words/common.ts";
import { words } from "./form-words.ts";
import { JobPreview } from "./job-preview.tsx";
import { useCheck } from "./use-check.ts";

interface TaskFormProps {
  readonly draft: Draft;
  /** Of the task that is changed; undefined: a new one is made. */
  readonly changes: string | undefined;
}

export function TaskForm({ draft, changes }: TaskFormProps) {
  const [first] = useState(() => entryOf(draft));
  const [entry, setEntry] = useState<Entry>(first);
  useUnsaved(isChanged(entry, first));
  // A request that is sent twice, because its answer was lost, is one task.
  const [requestId] = useState(browser.newId);
  const action = useAction();
  const body = bodyOf(entry);
  const check = useCheck(body);
  const known = check.kind === "invalid" ? check.complaints : [];
  const refused = action.problem instanceof Problem ? complaintsOf(action.problem) : [];
  const { byField, others } = placed(known.length > 0 ? known : refused);
  const shownOthers = entry.mode === "json" ? known : others;

  const send = async () => {
    if (body === undefined) return;
    const { apiVersion: _, kind: __, ...change } = JSON.parse(body) as Record<string, unknown>;
    const task = await (changes === undefined
      ? api.json<TaskJson>({
          method: "POST",
          path: "/tasks",
          json: JSON.parse(body) as unknown,
          headers: { "idempotency-key": requestId },
        })
      : api.json<TaskJson>({ method: "PATCH", path: `/tasks/${changes}`, json: change }));
    notice("done", say(changes === undefined ? words.added : words.saved));
    navigate(`/tasks/${task.id}`);
  };

  return (
    <div class="form-and-job">
      <Form
        class="stack"
        label={say(changes === undefined ? common.newTask : words.edit)}
        onSubmit={() => {
          action.run(send);
        }}
      >
        <Modes entry={entry} onEntry={setEntry} />
        {entry.mode === "form" ? (
          <FormFields
            fields={entry.fields}
            complaints={merged(complain(entry.fields), byField)}
            onFields={(fields) => {
              setEntry({ ...entry, fields });
            }}
          />
        ) : (
          <AreaField
            label={say(words.document)}
            rows={24}
            isCode
            value={entry.text}
            complaints={whyNot(entry.text)}
            onValue={(text) => {
              setEntry({ mode: "json", text });
            }}
          />
        )}
        {shownOthers.length > 0 && (
          <div class="note note-problem" role="alert">
            <p>{say(words.others)}</p>
            <ul>
              {shownOthers.map(({ path, text }) => (
                <li key={`${path} ${text.en}`}>{say(text)}</li>
              ))}
            </ul>
          </div>
        )}
        {action.problem && refused.length === 0 && <ProblemNote problem={action.problem} />}
        <div class="row row-end">
          <button
            type="submit"
            class="button button-main"
            disabled={body === undefined || check.kind === "invalid" || action.isRunning}
          >
            {say(changes === undefined ? words.submit : words.save)}
          </button>
        </div>
      </Form>
      <JobPreview check={check} />
    </div>
  );
}

interface ModesProps {
  readonly entry: Entry;
  readonly onEntry: (entry: Entry) => void;
}

function Modes({ entry, onEntry }: ModesProps) {
  const form = asForm(entry);
  return (
    <div class="chips" role="group" aria-label={say(words.mode)}>
      <button
        type="button"
        class="chip"
        aria-pressed={entry.mode === "form"}
        disabled={!form}
        onClick={() => {
          if (form) onEntry(form);
        }}
      >
        {say(words.form)}
      </button>
      <button
        type="button"
        class="chip"
        aria-pressed={entry.mode === "json"}
        onClick={() => {
          onEntry(asJson(entry));
        }}
      >
        {say(words.json)}
      </button>
    </div>
  );
}

function whyNot(text: string): readonly string[] {
  const { why } = parsed(text);
  return why === undefined ? [] : [say(words.notJson(why))];
}

function merged(own: Complaints, servers: Complaints): Complaints {
  const keys = new Set([...Object.keys(own), ...Object.keys(servers)]) as Set<keyof Fields>;
  return Object.fromEntries(Array.from(keys, (key) => [key, own[key]?.length ? own[key] : servers[key]]));
}
