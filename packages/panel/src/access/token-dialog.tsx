import { useRef, useState } from "preact/hooks";
import { roles, type Role } from "@keruta/shared/domain";
import { say } from "../language/language.ts";
import { api } from "../session/session.ts";
import { Dialog } from "../ui/dialog.tsx";
import { ChoiceField, Field, TextField } from "../ui/field.tsx";
import { Form } from "../ui/form.tsx";
import { notice } from "../ui/notices.tsx";
import { ProblemNote } from "../ui/problem-note.tsx";
import { useAction } from "../ui/use-action.ts";
import { words } from "./access-words.ts";
import { endOfDay, namespacesOf } from "./accounts.ts";

interface TokenDialogProps {
  readonly onMade: () => void;
  readonly onClose: () => void;
}

/** Makes a token and shows it, once. */
export function TokenDialog({ onMade, onClose }: TokenDialogProps) {
  const [made, setMade] = useState<string | undefined>();
  return (
    <Dialog title={say(words.addToken)} onClose={onClose} isForced={made !== undefined}>
      {made === undefined ? (
        <TokenForm
          onMade={(token) => {
            setMade(token);
            onMade();
          }}
        />
      ) : (
        <Made token={made} onClose={onClose} />
      )}
    </Dialog>
  );
}

function TokenForm({ onMade }: { readonly onMade: (token: string) => void }) {
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("operator");
  const [bounds, setBounds] = useState("");
  const [date, setDate] = useState("");
  const action = useAction();
  const isReady = name.trim() !== "";
  const make = () => {
    const json = { name: name.trim(), role, namespaces: namespacesOf(bounds), expiresAt: endOfDay(date) };
    action.run(async () => {
      onMade((await api.json<{ readonly token: string }>({ method: "POST", path: "/tokens", json })).token);
    });
  };
  return (
    <Form class="stack dialog-body" label={say(words.addToken)} onSubmit={() => isReady && make()}>
      <TextField label={say(words.name)} value={name} onValue={setName} autocomplete="off" />
      <ChoiceField
        label={say(words.role)}
        value={role}
        choices={roles.map((one) => [one, one] as const)}
        onValue={setRole}
      />
      <p class="hint">{say(words.roleWords)}</p>
      <TextField
        label={say(words.namespaces)}
        hint={say(words.namespacesHint)}
        value={bounds}
        onValue={setBounds}
        autocomplete="off"
      />
      <Field label={say(words.expires)} hint={say(words.expiresHint)}>
        {(attributes) => (
          <input
            type="date"
            {...attributes}
            value={date}
            onInput={(event) => {
              setDate(event.currentTarget.value);
            }}
          />
        )}
      </Field>
      {action.problem && <ProblemNote problem={action.problem} />}
      <div class="row row-end">
        <button type="submit" class="button button-main" disabled={!isReady || action.isRunning}>
          {say(words.addToken)}
        </button>
      </div>
    </Form>
  );
}

function Made({ token, onClose }: { readonly token: string; readonly onClose: () => void }) {
  const secret = useRef<HTMLParagraphElement>(null);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(token);
      notice("done", say(words.copied));
    } catch {
      // Without TLS a browser has no clipboard.
      if (secret.current) getSelection()?.selectAllChildren(secret.current);
      notice("problem", say(words.selected));
    }
  };
  return (
    <div class="stack dialog-body">
      <p role="status">{say(words.once)}</p>
      <p ref={secret} class="code secret">
        {token}
      </p>
      <div class="row row-end">
        <button type="button" class="button" onClick={() => void copy()}>
          {say(words.copy)}
        </button>
        <button type="button" class="button button-main" onClick={onClose}>
          {say(words.done)}
        </button>
      </div>
    </div>
  );
}
