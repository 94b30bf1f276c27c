import { say } from "../language/language.ts";
import { ChoiceField, Field } from "../ui/field.tsx";
import { complaintOf, definitionOf, shortKey, type Setting } from "./setting.ts";
import { words } from "./settings-words.ts";

interface SettingFieldProps {
  readonly setting: Setting;
  readonly value: string;
  /** Whether what is shown is what is built in. */
  readonly isBuiltIn: boolean;
  /** undefined: it may be looked at alone. */
  readonly onValue: ((text: string | null) => void) | undefined;
}

/** One setting with what it is for, where its value comes from, and what is wrong with what is typed. */
export function SettingField({ setting, value, isBuiltIn, onValue }: SettingFieldProps) {
  const { key, origin, description } = setting;
  const name = shortKey(key);
  const complaint = complaintOf(key, value);
  const complaints = complaint ? [say(words.mustBe(complaint))] : [];
  const hint = `${description} (${say(words[isBuiltIn ? "default" : origin])})`;
  const choices = choicesOf(key);
  const change = onValue ?? (() => undefined);
  return (
    <div class="setting">
      {choices ? (
        <ChoiceField
          label={name}
          value={value}
          choices={choices.some(([one]) => one === value) ? choices : [[value, value], ...choices]}
          hint={hint}
          complaints={complaints}
          disabled={onValue === undefined}
          onValue={change}
        />
      ) : (
        <Field label={name} hint={hint} complaints={complaints}>
          {(attributes) => (
            <input
              type="text"
              {...attributes}
              value={value}
              readOnly={onValue === undefined}
              spellcheck={false}
              autocomplete="off"
              onInput={(event) => {
                change(event.currentTarget.value);
              }}
            />
          )}
        </Field>
      )}
      {onValue && !isBuiltIn && (
        <button
          type="button"
          class="button button-bare"
          aria-label={say(words.toBuiltInOf(name))}
          onClick={() => {
            onValue(null);
          }}
        >
          {say(words.toBuiltIn)}
        </button>
      )}
    </div>
  );
}

function choicesOf(key: string): readonly (readonly [string, string])[] | undefined {
  const definition = definitionOf(key);
  if (definition?.type === "boolean") {
    return [
      ["true", say(words.yes)],
      ["false", say(words.no)],
    ];
  }
  if (definition?.type !== "enum") return undefined;
  return (definition.values ?? []).map((value) => [value, value] as const);
}
