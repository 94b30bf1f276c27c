import { useState } from "preact/hooks";
import { say } from "../language/language.ts";
import { logIn, logInWithToken } from "../session/session.ts";
import { TextField } from "../ui/field.tsx";
import { Form } from "../ui/form.tsx";
import { ProblemNote } from "../ui/problem-note.tsx";
import { useAction } from "../ui/use-action.ts";
import { words } from "./login-words.ts";

export function LoginForm() {
  const [isByToken, setByToken] = useState(false);
  const [name, setName] = useState("");
  const [secret, setSecret] = useState("");
  const action = useAction();
  const isReady = secret !== "" && (isByToken || name !== "");

  return (
    <Form
      class="stack"
      label={say(words.logIn)}
      onSubmit={() => {
        if (!isReady) return;
        action.run(() => (isByToken ? logInWithToken(secret.trim()) : logIn(name, secret)));
      }}
    >
      {!isByToken && (
        <TextField label={say(words.name)} value={name} onValue={setName} autocomplete="username" autofocus />
      )}
      <TextField
        key={String(isByToken)}
        label={say(isByToken ? words.token : words.password)}
        hint={isByToken ? say(words.tokenHint) : undefined}
        value={secret}
        onValue={setSecret}
        type="password"
        autocomplete={isByToken ? "off" : "current-password"}
      />
      {action.problem && <ProblemNote problem={action.problem} />}
      <div class="row row-apart">
        <button
          type="button"
          class="button button-link"
          onClick={() => {
            setByToken(!isByToken);
            setSecret("");
            action.clear();
          }}
        >
          {say(isByToken ? words.byPassword : words.byToken)}
        </button>
        <button type="submit" class="button button-main" disabled={!isReady || action.isRunning}>
          {say(words.logIn)}
        </button>
      </div>
    </Form>
  );
}
