import { dictionary } from "../language/dictionary.ts";
import { say } from "../language/language.ts";
import { TextField } from "../ui/field.tsx";
import { isLongEnough, isUserName } from "./account-rules.ts";

const words = dictionary({
  password: { en: "New password", ja: "新しいパスワード" },
  hint: { en: "12 characters or more.", ja: "12 文字以上。" },
  tooShort: { en: "It has fewer than 12 characters.", ja: "12 文字未満です。" },
  name: { en: "User name", ja: "ユーザー名" },
  nameWrong: {
    en: "Letters, digits and . _ @ -, 63 at most, the first a letter or digit.",
    ja: "文字・数字と . _ @ - が使えます（63 文字まで、先頭は文字か数字）。",
  },
});

interface NewFieldProps {
  readonly value: string;
  readonly onValue: (value: string) => void;
}

export function NewPasswordField({ value, onValue, hint }: NewFieldProps & { readonly hint?: string }) {
  return (
    <TextField
      label={say(words.password)}
      hint={hint ?? say(words.hint)}
      value={value}
      onValue={onValue}
      type="password"
      autocomplete="new-password"
      complaints={value !== "" && !isLongEnough(value) ? [say(words.tooShort)] : []}
    />
  );
}

interface UserNameFieldProps extends NewFieldProps {
  /** Whether it is the name of whoever sits here, for the browser to keep. */
  readonly isOwn: boolean;
}

export function NewUserNameField({ value, onValue, isOwn }: UserNameFieldProps) {
  return (
    <TextField
      label={say(words.name)}
      value={value}
      onValue={onValue}
      autocomplete={isOwn ? "username" : "off"}
      complaints={value !== "" && !isUserName(value) ? [say(words.nameWrong)] : []}
    />
  );
}
