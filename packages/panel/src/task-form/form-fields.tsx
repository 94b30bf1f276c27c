import { say } from "../language/language.ts";
import { AreaField, Check, ChoiceField, TextField } from "../ui/field.tsx";
import type { Complaints } from "./complain.ts";
import type { Fields } from "./fields.ts";
import { words } from "./form-words.ts";

interface FormFieldsProps {
  readonly fields: Fields;
  readonly complaints: Complaints;
  readonly onFields: (fields: Fields) => void;
}

export function FormFields({ fields, complaints, onFields }: FormFieldsProps) {
  const bind = <K extends keyof Fields>(key: K) => ({
    value: fields[key],
    complaints: (complaints[key] ?? []).map(say),
    onValue: (value: Fields[K]) => {
      onFields({ ...fields, [key]: value });
    },
  });
  return (
    <div class="form-grid">
      <TextField label={say(words.title)} {...bind("title")} required autocomplete="off" autofocus />
      <TextField
        label={say(words.priority)}
        hint={say(words.priorityHint)}
        {...bind("priority")}
        inputMode="numeric"
      />
      <AreaField label={say(words.description)} rows={2} {...bind("description")} />
      <ChoiceField
        label={say(words.runs)}
        choices={[
          ["script", say(words.script)],
          ["command", say(words.command)],
          ["entrypoint", say(words.entrypoint)],
        ]}
        {...bind("runs")}
      />
      <ChoiceField
        label={say(words.runner)}
        choices={[
          ["", say(words.usualRunner)],
          ["kubernetes", "kubernetes"],
          ["local", "local"],
        ]}
        {...bind("runner")}
      />
      {fields.runs === "script" && (
        <AreaField
          label={say(words.script)}
          hint={say(words.scriptHint)}
          rows={6}
          isCode
          {...bind("script")}
        />
      )}
      {fields.runs === "command" && (
        <AreaField
          label={say(words.command)}
          hint={say(words.commandHint)}
          rows={4}
          isCode
          {...bind("command")}
        />
      )}
      <TextField label={say(words.image)} hint={say(words.imageHint)} {...bind("image")} spellcheck={false} />
      <TextField
        label={say(words.namespace)}
        hint={say(words.namespaceHint)}
        {...bind("namespace")}
        spellcheck={false}
      />
      <TextField label={say(words.timeout)} hint={say(words.timeoutHint)} {...bind("timeout")} />
      <TextField label={say(words.attempts)} {...bind("attempts")} inputMode="numeric" />
      <AreaField label={say(words.labels)} hint={say(words.labelsHint)} rows={2} isCode {...bind("labels")} />
      <AreaField label={say(words.env)} hint={say(words.envHint)} rows={3} isCode {...bind("env")} />
      <AreaField
        label={say(words.artifacts)}
        hint={say(words.artifactsHint)}
        rows={2}
        isCode
        {...bind("artifacts")}
      />
      <Check
        label={say(words.hold)}
        checked={fields.hold}
        onValue={(hold) => {
          onFields({ ...fields, hold });
        }}
      />
    </div>
  );
}
