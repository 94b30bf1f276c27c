import { say } from "../language/language.ts";
import { may } from "../session/session.ts";
import { Heading } from "../ui/heading.tsx";
import { ConnectionTest } from "./connection-test.tsx";
import { SettingsForm, type SettingSection } from "./settings-form.tsx";
import { words } from "./settings-words.ts";

const below =
  (...prefixes: readonly string[]) =>
  (key: string) =>
    prefixes.some((prefix) => key.startsWith(prefix));

const named = {
  kubernetes: below("keruta.kubernetes."),
  agent: below("keruta.agent."),
  git: below("keruta.git."),
  artifacts: below("keruta.artifacts."),
  policy: below("keruta.policy."),
  worker: below("keruta.worker.", "keruta.tasks."),
  /** They have a screen of their own. */
  logs: below("keruta.logs.", "keruta.notify."),
};

const isNamed = (key: string) => Object.values(named).some((holds) => holds(key));

const sections: readonly SettingSection[] = [
  { title: words.kubernetes, holds: named.kubernetes },
  { title: words.tasks, holds: named.worker, isRare: true },
  { title: words.agent, holds: named.agent, isRare: true },
  { title: words.git, holds: named.git, isRare: true },
  { title: words.artifacts, holds: named.artifacts, isRare: true },
  { title: words.policy, holds: named.policy, isRare: true },
  { title: words.others, holds: (key) => !isNamed(key), isRare: true },
];

export function SettingsScreen() {
  return (
    <>
      <Heading title={say(words.title)} name={say(words.title)} />
      {may("administer") && <ConnectionTest />}
      <SettingsForm name={say(words.title)} sections={sections} />
    </>
  );
}
