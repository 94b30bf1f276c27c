import { say } from "../language/language.ts";
import { Heading } from "../ui/heading.tsx";
import { words } from "./access-words.ts";
import { Tokens } from "./tokens.tsx";
import { Users } from "./users.tsx";

export function AccessScreen() {
  return (
    <>
      <Heading title={say(words.title)} name={say(words.title)} />
      <Users />
      <Tokens />
    </>
  );
}
