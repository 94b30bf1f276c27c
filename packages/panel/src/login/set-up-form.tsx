import { useState } from "preact/hooks";
import { say } from "../language/language.ts";
import { api, logIn } from "../session/session.ts";
import { TextField } from "../ui/field.tsx";
import { Form } from "../ui/form.tsx";
import { ProblemNote } from "../ui/problem-note.tsx";
import { useAction } from "../ui/use-action.ts";
import { isLongEnough, isUserName } from "./account-rules.ts";
import { words } from "./login-words.ts";
import { NewPasswordField, NewUserNameField } from "./new-account-fields.tsx";

/** Who has the server's first token makes the first account with it, and is logged in. */
export function SetUpForm() {
  const [token, setToken] = useState("");
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const action = useAction();
  const isReady = token !== "" && isUserName(name) && isLongEnough(password);

  return (
    <Form
      class="stack"
      label={say(words.setUp)}
      onSubmit={() => {
        if (!isReady) return;
        action.run(async () => {
          const credentials = { csrf: null, token: token.trim() };
          const json = { name, password, role: "admin" };
          await api.send({ method: "POST", path: "/users", json, credentials });
          await logIn(name, password);
        });
      }}
    >
      <p>{say(words.setUpWhy)}</p>
      <TextField
        label={say(words.adminToken)}
        hint={say(words.adminTokenHint)}
        value={token}
        onValue={setToken}
        type="password"
        autocomplete="off"
        autofocus
      />
      <NewUserNameField value={name} onValue={setName} isOwn />
      <NewPasswordField value={password} onValue={setPassword} />
      {action.problem && <ProblemNote problem={action.problem} />}
      <div class="row row-end">
        <button type="submit" class="button button-main" disabled={!isReady || action.isRunning}>
          {say(words.makeAccount)}
        </button>
      </div>
    </Form>
  );
}
