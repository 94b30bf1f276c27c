import { useEffect, useState } from "preact/hooks";
import { say } from "../language/language.ts";
import { api } from "../session/session.ts";
import { Preferences } from "../preferences/preferences.tsx";
import { Notices } from "../ui/notices.tsx";
import { common } from "../words/common.ts";
import { LoginForm } from "./login-form.tsx";
import { SetUpForm } from "./set-up-form.tsx";
import { words } from "./login-words.ts";

type SetUp = "unknown" | "needed" | "done";

/** Where nobody has an account yet, the way to the first one. */
export function LoginScreen() {
  const [setUp, setSetUp] = useState<SetUp>("unknown");
  const [wantsLogin, setWantsLogin] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    api
      .json<{ readonly needed: boolean }>({ path: "/setup", signal: stop.signal })
      .then(({ needed }) => {
        setSetUp(needed ? "needed" : "done");
      })
      // The login itself tells what is wrong with the server.
      .catch(() => {
        if (!stop.signal.aborted) setSetUp("done");
      });
    return () => {
      stop.abort();
    };
  }, []);

  const isSetUp = setUp === "needed" && !wantsLogin;
  const title = say(isSetUp ? words.setUp : words.logIn);
  useEffect(() => {
    document.title = `${title} – keruta`;
  }, [title]);

  return (
    <main class="entrance">
      <div class="entrance-card">
        <p class="brand">keruta</p>
        <h1>{title}</h1>
        {setUp === "unknown" && <p class="quiet">{say(common.loading)}</p>}
        {setUp !== "unknown" && (isSetUp ? <SetUpForm /> : <LoginForm />)}
        {isSetUp && (
          <button
            type="button"
            class="button button-link"
            onClick={() => {
              setWantsLogin(true);
            }}
          >
            {say(words.byToken)}
          </button>
        )}
      </div>
      <Preferences />
      <Notices />
    </main>
  );
}
