import type { TaskJson } from "@keruta/shared/domain";
import { useEffect, useState } from "preact/hooks";
import { say } from "../language/language.ts";
import { api } from "../session/session.ts";
import { Heading } from "../ui/heading.tsx";
import { ProblemNote } from "../ui/problem-note.tsx";
import { common } from "../words/common.ts";
import { emptyDraft, type Draft } from "./fields.ts";
import { words } from "./form-words.ts";
import { TaskForm } from "./task-form.tsx";

export function NewTaskScreen() {
  return (
    <>
      <Heading title={say(common.newTask)} name={say(common.newTask)} />
      <TaskForm draft={emptyDraft} changes={undefined} />
    </>
  );
}

interface FromTaskScreenProps {
  readonly id: string;
  readonly intent: "edit" | "copy";
}

/** Begins with a task as it is now; what happens to that one meanwhile disturbs no one who types. */
export function FromTaskScreen({ id, intent }: FromTaskScreenProps) {
  const [draft, setDraft] = useState<Draft | undefined>();
  const [problem, setProblem] = useState<Error | undefined>();
  const [tries, setTries] = useState(1);
  useEffect(() => {
    const stop = new AbortController();
    api
      .json<TaskJson>({ path: `/tasks/${encodeURIComponent(id)}`, signal: stop.signal })
      .then(({ title, description, priority, labels, spec }) => {
        setDraft({ title, description, priority, labels, spec });
      })
      .catch((error: unknown) => {
        if (!stop.signal.aborted) setProblem(error instanceof Error ? error : new Error(String(error)));
      });
    return () => {
      stop.abort();
    };
  }, [id, tries]);
  return (
    <>
      <Heading title={say(words[intent])} name={say(words[intent])} />
      {problem && (
        <ProblemNote
          problem={problem}
          onAgain={() => {
            setProblem(undefined);
            setTries(tries + 1);
          }}
        />
      )}
      {!draft && !problem && <p class="quiet">{say(common.loading)}</p>}
      {draft && <TaskForm draft={draft} changes={intent === "edit" ? id : undefined} />}
    </>
  );
}
