import { say } from "../language/language.ts";
import { Dialog } from "../ui/dialog.tsx";
import { LoginForm } from "./login-form.tsx";
import { words } from "./login-words.ts";

/** Over the screen that somebody was at when the session ended: what they had typed is still there. */
export function LoginDialog() {
  return (
    <Dialog title={say(words.logIn)} onClose={() => undefined} isForced>
      <div class="dialog-body">
        <p>{say(words.expired)}</p>
        <LoginForm />
      </div>
    </Dialog>
  );
}
