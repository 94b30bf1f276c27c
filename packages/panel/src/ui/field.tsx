import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";

interface FieldProps {
  readonly label: string;
  readonly hint?: string | undefined;
  /** What is wrong with it now. */
  readonly complaints?: readonly string[];
  readonly class?: string;
  readonly children: (attributes: FieldAttributes) => ComponentChildren;
}

interface FieldAttributes {
  readonly id: string;
  readonly "aria-describedby": string | undefined;
  readonly "aria-invalid": boolean;
}

/** A control with its label, its hint and what is wrong with it, each tied to it for those who hear the page. */
export function Field({ label, hint, complaints = [], children, ...rest }: FieldProps) {
  const id = useId();
  const isWrong = complaints.length > 0;
  const described = [hint !== undefined && `${id}-hint`, isWrong && `${id}-wrong`].filter(Boolean).join(" ");
  return (
    <div class={`field ${rest.class ?? ""}`}>
      <label for={id}>{label}</label>
      {children({
        id,
        "aria-describedby": described === "" ? undefined : described,
        "aria-invalid": isWrong,
      })}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <div id={`${id}-wrong`} class="complaints" aria-live="polite">
        {complaints.map((complaint) => (
          <p key={complaint}>{complaint}</p>
        ))}
      </div>
    </div>
  );
}

interface InputProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly complaints?: readonly string[];
  readonly value: string;
  readonly type?: "text" | "password" | "search";
  readonly autocomplete?: "off" | "username" | "current-password" | "new-password";
  readonly inputMode?: "numeric";
  readonly placeholder?: string;
  readonly maxLength?: number;
  readonly required?: boolean;
  readonly autofocus?: boolean;
  /** False for what is no language. */
  readonly spellcheck?: boolean;
  readonly onValue: (value: string) => void;
}

export function TextField({
  label,
  hint,
  complaints = [],
  value,
  onValue,
  type = "text",
  ...rest
}: InputProps) {
  return (
    <Field label={label} hint={hint} complaints={complaints}>
      {(attributes) => {
        const all = {
          ...rest,
          ...attributes,
          value,
          onInput: (event: { readonly currentTarget: HTMLInputElement }) => {
            onValue(event.currentTarget.value);
          },
        };
        // One by one: each type has attributes of its own.
        if (type === "password") return <input type="password" {...all} />;
        return type === "search" ? <input type="search" {...all} /> : <input type="text" {...all} />;
      }}
    </Field>
  );
}

interface AreaProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly complaints?: readonly string[];
  readonly value: string;
  readonly rows: number;
  readonly isCode?: boolean;
  readonly onValue: (value: string) => void;
}

export function AreaField({ label, hint, complaints = [], value, rows, isCode = false, onValue }: AreaProps) {
  return (
    <Field label={label} hint={hint} complaints={complaints} class="field-wide">
      {(attributes) => (
        <textarea
          {...attributes}
          class={isCode ? "code" : ""}
          spellcheck={!isCode}
          rows={rows}
          value={value}
          onInput={(event) => {
            onValue(event.currentTarget.value);
          }}
        />
      )}
    </Field>
  );
}

interface ChoiceProps<C extends string> {
  readonly label: string;
  readonly value: C;
  readonly choices: readonly (readonly [value: C, text: string])[];
  readonly hint?: string;
  readonly complaints?: readonly string[];
  readonly disabled?: boolean;
  readonly onValue: (value: C) => void;
}

export function ChoiceField<C extends string>({
  label,
  value,
  choices,
  hint,
  complaints = [],
  disabled = false,
  onValue,
}: ChoiceProps<C>) {
  return (
    <Field label={label} hint={hint} complaints={complaints}>
      {(attributes) => (
        <select
          {...attributes}
          value={value}
          disabled={disabled}
          onChange={(event) => {
            const chosen = choices.find(([one]) => one === event.currentTarget.value);
            if (chosen) onValue(chosen[0]);
          }}
        >
          {choices.map(([one, text]) => (
            <option key={one} value={one}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

interface CheckProps {
  readonly label: ComponentChildren;
  readonly checked: boolean;
  readonly onValue: (checked: boolean) => void;
}

export function Check({ label, checked, onValue }: CheckProps) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => {
          onValue(event.currentTarget.checked);
        }}
      />
      <span>{label}</span>
    </label>
  );
}
