import type { Text } from "@keruta/shared/domain";
import type { Context } from "../../context/context.ts";
import { usageError } from "../../errors/usage.ts";

const password: Text = { en: "Password: ", ja: "パスワード: " };
const again: Text = { en: "The same again: ", ja: "もう一度: " };

/** On the terminal; what is typed is not shown, so a slip of the hand is found by typing it again. */
export async function askTwice({ io, translate }: Context): Promise<string> {
  return await io.stdin.withoutEcho(async (nextLine) => {
    const ask = async (prompt: Text): Promise<string> => {
      await io.stderr.write(translate(prompt));
      const line = await nextLine();
      await io.stderr.write("\n");
      if (line === undefined) throw noPassword();
      return line;
    };
    const first = await ask(password);
    if ((await ask(again)) === first) return first;
    throw usageError(
      { en: "The two passwords differ.", ja: "2 つのパスワードが一致しません。" },
      { en: "Run the command again.", ja: "もう一度実行してください。" },
    );
  });
}

function noPassword() {
  return usageError(
    { en: "No password was given.", ja: "パスワードが入力されませんでした。" },
    {
      en: "Type it, or give it with --password-stdin or --password-file FILE.",
      ja: "入力するか、--password-stdin または --password-file FILE で渡してください。",
    },
  );
}
