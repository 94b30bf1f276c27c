import { useState } from "preact/hooks";
import { dictionary } from "../language/dictionary.ts";
import { say } from "../language/language.ts";
import { isLongEnough } from "../login/account-rules.ts";
import { NewPasswordField } from "../login/new-account-fields.tsx";
import { api, forget, person } from "../session/session.ts";
import { TextField } from "../ui/field.tsx";
import { Form } from "../ui/form.tsx";
import { Heading } from "../ui/heading.tsx";
import { notice } from "../ui/notices.tsx";
import { ProblemNote } from "../ui/problem-note.tsx";
import { useAction } from "../ui/use-action.ts";

const words = dictionary({
  title: { en: "Your account", ja: "アカウント" },
  name: { en: "Name", ja: "名前" },
  role: { en: "Role", ja: "ロール" },
  namespaces: { en: "Namespaces", ja: "ネームスペース" },
  all: { en: "all", ja: "すべて" },
  password: { en: "Change the password", ja: "パスワードの変更" },
  current: { en: "Current password", ja: "現在のパスワード" },
  change: { en: "Change it", ja: "変更する" },
  why: {
    en: "It ends all of your sessions, this one too; log in with the new password then.",
    ja: "この画面を含むすべてのセッションが終了します。新しいパスワードでログインし直してください。",
  },
  done: { en: "The password is changed.", ja: "パスワードを変更しました。" },
});

/** Who one is here, and one's own password. */
export function AccountScreen() {
  const who = person.value;
  if (!who) return null;
  return (
    <>
      <Heading title={say(words.title)} name={say(words.title)} />
      <dl class="facts">
        <dt>{say(words.name)}</dt>
        <dd>
          <bdi>{who.name}</bdi>
        </dd>
        <dt>{say(words.role)}</dt>
        <dd>{who.role}</dd>
        <dt>{say(words.namespaces)}</dt>
        <dd>{who.namespaces === null ? say(words.all) : who.namespaces.join(", ")}</dd>
      </dl>
      {who.name.startsWith("user:") && <PasswordForm />}
    </>
  );
}

function PasswordForm() {
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const action = useAction();
  const isReady = current !== "" && isLongEnough(next);
  return (
    <section class="panel panel-narrow">
      <h2>{say(words.password)}</h2>
      <Form
        class="stack"
        label={say(words.password)}
        onSubmit={() => {
          if (!isReady) return;
          action.run(async () => {
            const json = { current, new: next };
            await api.send({ method: "PUT", path: "/users/me/password", json, isProof: true });
            notice("done", say(words.done));
            forget();
          });
        }}
      >
        <TextField
          label={say(words.current)}
          value={current}
          onValue={setCurrent}
          type="password"
          autocomplete="current-password"
        />
        <NewPasswordField value={next} onValue={setNext} />
        <p class="hint">{say(words.why)}</p>
        {action.problem && <ProblemNote problem={action.problem} />}
        <div class="row row-end">
          <button type="submit" class="button button-main" disabled={!isReady || action.isRunning}>
            {say(words.change)}
          </button>
        </div>
      </Form>
    </section>
  );
}
