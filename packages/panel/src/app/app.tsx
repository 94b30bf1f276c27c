import { dictionary } from "../language/dictionary.ts";
import { say } from "../language/language.ts";
import { Shell } from "../layout/shell.tsx";
import { LoginDialog } from "../login/login-dialog.tsx";
import { LoginScreen } from "../login/login-screen.tsx";
import { LogHost } from "../logs/log-host.tsx";
import { match } from "../routing/match.ts";
import { place } from "../routing/place.ts";
import { isBound, isExpired, may, resume, session } from "../session/session.ts";
import { Heading } from "../ui/heading.tsx";
import { ProblemNote } from "../ui/problem-note.tsx";
import { common } from "../words/common.ts";
import { screens } from "./screens.tsx";

const words = dictionary({
  nothing: { en: "There is nothing here.", ja: "このページは存在しません。" },
  forbidden: { en: "Your role may not do this.", ja: "このロールでは利用できません。" },
  bound: {
    en: "Who is bound to namespaces does not get this screen.",
    ja: "ネームスペースが限定されているため、この画面は利用できません。",
  },
});

export function App() {
  const state = session.value;
  switch (state.kind) {
    case "unknown":
      return <p class="entrance quiet">{say(common.loading)}</p>;
    case "unreachable":
      return (
        <main class="entrance">
          <h1 class="brand">keruta</h1>
          <ProblemNote problem={new Error(state.message)} onAgain={() => void resume()} />
        </main>
      );
    case "out":
      return <LoginScreen />;
    case "in":
      return (
        <>
          <Shell navigation={navigation()}>
            <CurrentScreen />
          </Shell>
          <LogHost />
          {isExpired.value && <LoginDialog />}
        </>
      );
  }
}

function navigation() {
  return screens.flatMap(({ path, label, needs, isUnbound }) =>
    label && may(needs) && !(isUnbound && isBound()) ? [{ path, label }] : [],
  );
}

function CurrentScreen() {
  const { path } = place.value;
  for (const screen of screens) {
    const parameters = match(screen.path, path);
    if (!parameters) continue;
    if (screen.isUnbound && isBound()) return <Nothing text={say(words.bound)} />;
    if (!may(screen.needs)) return <Nothing text={say(words.forbidden)} />;
    return <>{screen.render(parameters)}</>;
  }
  return <Nothing text={say(words.nothing)} />;
}

function Nothing({ text }: { readonly text: string }) {
  return <Heading title={text} name={text} />;
}
