import type { TaskJson } from "@keruta/shared/domain";
import { useState } from "preact/hooks";
import { say } from "../language/language.ts";
import { Confirm } from "../ui/confirm.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icon.tsx";
import { Plain } from "../ui/plain.tsx";
import { common } from "../words/common.ts";
import { askWords, meaningWords, verbWords, words } from "./action-words.ts";
import { actOnAll, applies, type Outcome, type TaskAction } from "./actions.ts";

interface ActionDialogProps {
  readonly action: TaskAction;
  readonly tasks: readonly TaskJson[];
  readonly onClose: () => void;
  /** All outcomes are there. */
  readonly onDone: (outcomes: readonly Outcome[]) => void;
}

const namedAtMost = 8;

/** Asks before something is done to tasks, and says of each what became of it. */
export function ActionDialog({ action, tasks, onClose, onDone }: ActionDialogProps) {
  const [outcomes, setOutcomes] = useState<readonly Outcome[] | undefined>();
  // As they were when it was asked: the list behind goes on changing.
  const [chosen] = useState(() => tasks.filter((task) => applies(action, task)));
  const passedOver = tasks.length - chosen.length;

  if (outcomes) return <Outcomes outcomes={outcomes} all={chosen.length} onClose={onClose} />;
  return (
    <Confirm
      title={say(askWords[action](chosen.length))}
      action={say(verbWords[action])}
      isDangerous={action !== "retry"}
      onClose={onClose}
      onConfirm={() => {
        const found: Outcome[] = [];
        setOutcomes([]);
        void actOnAll(action, chosen, (outcome) => {
          found.push(outcome);
          setOutcomes([...found]);
        }).then(() => {
          onDone(found);
        });
      }}
    >
      <p>{say(meaningWords[action])}</p>
      <ul class="names">
        {chosen.slice(0, namedAtMost).map(({ id, title }) => (
          <li key={id}>
            <Plain text={title} /> <span class="id">{id}</span>
          </li>
        ))}
        {chosen.length > namedAtMost && <li>…</li>}
      </ul>
      {passedOver > 0 && <p class="hint">{say(words.passedOver(passedOver))}</p>}
    </Confirm>
  );
}

interface OutcomesProps {
  readonly outcomes: readonly Outcome[];
  readonly all: number;
  readonly onClose: () => void;
}

function Outcomes({ outcomes, all, onClose }: OutcomesProps) {
  const failed = outcomes.filter(({ problem }) => problem !== null).length;
  const isDone = outcomes.length === all;
  return (
    <Dialog title={say(words.results)} onClose={onClose}>
      <div class="dialog-body">
        <p role="status">
          {say(
            isDone ? words.finished(outcomes.length - failed, failed) : words.running(outcomes.length, all),
          )}
        </p>
        <ul class="names">
          {outcomes.map(({ task: { id, title }, problem }) => (
            <li key={id} class={problem === null ? "" : "is-problem"}>
              <Icon name={problem === null ? "done" : "failed"} />
              <span>
                <Plain text={title} /> <span class="id">{id}</span>
                <br />
                {problem ?? say(words.done)}
              </span>
            </li>
          ))}
        </ul>
      </div>
      <footer class="dialog-foot">
        <button type="button" class="button button-main" onClick={onClose}>
          {say(common.close)}
        </button>
      </footer>
    </Dialog>
  );
}
