import type { Command } from "commander";
import { addOptions, createCommand } from "../../command-line/command.ts";
import type { Context } from "../../context/context.ts";
import { newPassword, passwordOptions, type PasswordFlags } from "./new-password.ts";
import { noUser } from "./no-user.ts";
import { withUsers } from "./users.ts";

export interface UserPasswordOptions {
  readonly context: Context;
  readonly name: string;
  readonly passwordFrom: PasswordFlags;
}

export function userPasswordCommand(context: Context, run = runUserPassword): Command {
  const command = createCommand(context, {
    name: "password",
    examples: [
      {
        line: "keruta user password hanako",
        text: {
          en: "asks for the new one; whoever is locked out may log in again",
          ja: "新しいパスワードを尋ねる。ロックアウトも解除する",
        },
      },
      {
        line: "keruta user password hanako --password-file hanako.txt",
        text: { en: "from a file of mode 0600", ja: "モード 0600 のファイルから読む" },
      },
    ],
  }).argument("<name>");
  return addOptions(context, command, passwordOptions).action(
    async (name: string, _: unknown, self: Command) => {
      await run({ context, name, passwordFrom: self.optsWithGlobals<PasswordFlags>() });
    },
  );
}

export async function runUserPassword(options: UserPasswordOptions): Promise<void> {
  const { context, name, passwordFrom } = options;
  const password = await newPassword(context, passwordFrom);
  const isThere = await withUsers(context, (users) => users.update(name, { password }));
  if (!isThere) throw noUser(name);
  await context.notify({
    en: `user ${name} has a new password; their sessions have ended`,
    ja: `ユーザー ${name} のパスワードを変更し、セッションを終了しました`,
  });
}
