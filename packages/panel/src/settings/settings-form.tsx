import { useState } from "preact/hooks";
import type { Text } from "@keruta/shared/domain";
import { say } from "../language/language.ts";
import { useLive } from "../live/use-live.ts";
import { useUnsaved } from "../routing/leaving.ts";
import { api, may } from "../session/session.ts";
import { Form } from "../ui/form.tsx";
import { Loaded } from "../ui/loaded.tsx";
import { notice } from "../ui/notices.tsx";
import { ProblemNote } from "../ui/problem-note.tsx";
import { useAction } from "../ui/use-action.ts";
import { SettingField } from "./setting-field.tsx";
import { changed, complaintOf, draftedValue, type Draft, type Setting } from "./setting.ts";
import { words } from "./settings-words.ts";

export interface SettingSection {
  readonly title: Text;
  readonly holds: (key: string) => boolean;
  /** Shut until somebody opens it. */
  readonly isRare?: boolean;
}

interface SettingsFormProps {
  readonly name: string;
  readonly sections: readonly SettingSection[];
}

const nothing: Draft = new Map();

/** Settings of some sections; all that were changed are stored together, or none. */
export function SettingsForm({ name, sections }: SettingsFormProps) {
  const live = useLive(
    `settings ${name}`,
    async (signal) =>
      (await api.json<{ readonly items: readonly Setting[] }>({ path: "/settings", signal })).items,
    // No event tells of a setting.
    { concerns: () => false },
  );
  const [draft, setDraft] = useState<Draft>(nothing);
  useUnsaved(draft.size > 0);
  const action = useAction();
  const isEditable = may("administer");
  const store = () => {
    action.run(async () => {
      await api.send({ method: "PATCH", path: "/settings", json: { values: Object.fromEntries(draft) } });
      setDraft(nothing);
      live.reload();
      notice("done", say(words.stored));
    });
  };
  return (
    <Loaded live={live}>
      {(settings) => {
        const isWrong = settings.some(
          (setting) =>
            draft.has(setting.key) && complaintOf(setting.key, draftedValue(setting, draft)) !== undefined,
        );
        return (
          <Form label={name} class="stack" onSubmit={() => draft.size > 0 && !isWrong && store()}>
            {!isEditable && <p class="note">{say(words.readOnly)}</p>}
            {sections.map((section) => (
              <Section
                key={section.title.en}
                section={section}
                settings={settings.filter(({ key }) => section.holds(key))}
                draft={draft}
                onDraft={isEditable ? setDraft : undefined}
              />
            ))}
            {action.problem && <ProblemNote problem={action.problem} />}
            {draft.size > 0 && (
              <div class="row row-end unsaved" role="status">
                <span>{say(words.changes(draft.size))}</span>
                <button
                  type="button"
                  class="button"
                  onClick={() => {
                    setDraft(nothing);
                    action.clear();
                  }}
                >
                  {say(words.forget)}
                </button>
                <button type="submit" class="button button-main" disabled={isWrong || action.isRunning}>
                  {say(words.store)}
                </button>
              </div>
            )}
          </Form>
        );
      }}
    </Loaded>
  );
}

interface SectionProps {
  readonly section: SettingSection;
  readonly settings: readonly Setting[];
  readonly draft: Draft;
  readonly onDraft: ((draft: Draft) => void) | undefined;
}

function Section({ section, settings, draft, onDraft }: SectionProps) {
  const fields = settings.map((setting) => {
    const drafted = draft.get(setting.key);
    return (
      <SettingField
        key={setting.key}
        setting={setting}
        value={draftedValue(setting, draft)}
        isBuiltIn={drafted === undefined ? setting.origin === "default" : drafted === null}
        onValue={
          onDraft &&
          ((text) => {
            onDraft(changed(draft, setting, text));
          })
        }
      />
    );
  });
  if (!section.isRare) {
    return (
      <section class="panel">
        <h2>{say(section.title)}</h2>
        <div class="settings">{fields}</div>
      </section>
    );
  }
  return (
    <details class="panel">
      <summary>
        <h2>{say(section.title)}</h2>
      </summary>
      <div class="settings">{fields}</div>
    </details>
  );
}
