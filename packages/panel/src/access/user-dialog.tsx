import { useState } from "preact/hooks";
import { personRoles, type Role } from "@keruta/shared/domain";
import { say } from "../language/language.ts";
import { isLongEnough, isUserName } from "../login/account-rules.ts";
import { NewPasswordField, NewUserNameField } from "../login/new-account-fields.tsx";
import { api } from "../session/session.ts";
import { Dialog } from "../ui/dialog.tsx";
import { ChoiceField, TextField } from "../ui/field.tsx";
import { Form } from "../ui/form.tsx";
import { ProblemNote } from "../ui/problem-note.tsx";
import { useAction } from "../ui/use-action.ts";
import { words } from "./access-words.ts";
import { namespacesOf, type Account } from "./accounts.ts";

interface UserDialogProps {
  /** undefined: a new one. */
  readonly account: Account | undefined;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function UserDialog({ account, onDone, onClose }: UserDialogProps) {
  const [name, setName] = useState(account?.name ?? "");
  const [role, setRole] = useState<Role>(account?.role ?? "operator");
  const [bounds, setBounds] = useState((account?.namespaces ?? []).join(", "));
  const [password, setPassword] = useState("");
  const action = useAction();
  const needsPassword = account === undefined || password !== "";
  const isReady = isUserName(name) && (!needsPassword || isLongEnough(password));
  const title = say(account ? words.changeOf(account.name) : words.addUser);
  const store = () => {
    const namespaces = namespacesOf(bounds);
    action.run(async () => {
      if (account) {
        const json = { role, namespaces, ...(password !== "" && { password }) };
        await api.send({ method: "PATCH", path: `/users/${encodeURIComponent(account.name)}`, json });
      } else {
        await api.send({ method: "POST", path: "/users", json: { name, role, namespaces, password } });
      }
      onDone();
    });
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <Form class="stack dialog-body" label={title} onSubmit={() => isReady && store()}>
        {!account && <NewUserNameField value={name} onValue={setName} isOwn={false} />}
        <ChoiceField
          label={say(words.role)}
          value={role}
          choices={personRoles.map((one) => [one, one] as const)}
          onValue={setRole}
        />
        <TextField
          label={say(words.namespaces)}
          hint={say(words.namespacesHint)}
          value={bounds}
          onValue={setBounds}
          autocomplete="off"
        />
        <NewPasswordField
          value={password}
          onValue={setPassword}
          {...(account && { hint: say(words.keepPassword) })}
        />
        {action.problem && <ProblemNote problem={action.problem} />}
        <div class="row row-end">
          <button type="submit" class="button button-main" disabled={!isReady || action.isRunning}>
            {say(words.store)}
          </button>
        </div>
      </Form>
    </Dialog>
  );
}
