import type { Command } from "commander";
import type { PersonRole } from "@keruta/shared/domain";
import { addOptions, createCommand } from "../../command-line/command.ts";
import type { Context } from "../../context/context.ts";
import { usageError } from "../../errors/usage.ts";
import { noUser } from "./no-user.ts";
import { bindOption, roleOption, type RoleFlags } from "./options.ts";
import { withUsers } from "./users.ts";

export interface UserUpdateOptions {
  readonly context: Context;
  readonly name: string;
  readonly change: {
    readonly role?: PersonRole;
    /** null: all. */
    readonly namespaces?: readonly string[] | null;
  };
}

interface Flags extends Pick<RoleFlags, "role"> {
  /** False: `--no-bind`. */
  readonly bind?: readonly string[] | false;
}

export function userUpdateCommand(context: Context, run = runUserUpdate): Command {
  const command = createCommand(context, {
    name: "update",
    examples: [
      {
        line: "keruta user update taro --role operator --bind team-a,team-b",
        text: { en: "they log in again, and have these rights", ja: "ログインし直すと、この権限になる" },
      },
      {
        line: "keruta user update taro --no-bind",
        text: { en: "sees all namespaces from now on", ja: "すべてのネームスペースを扱えるようにする" },
      },
    ],
  }).argument("<name>");
  return addOptions(context, command, [
    roleOption,
    bindOption,
    {
      flags: "--no-bind",
      text: {
        en: "bind them to no namespace: they see all",
        ja: "限定をやめ、すべてのネームスペースを対象にする",
      },
    },
  ]).action(async (name: string, _: unknown, self: Command) => {
    const { role, bind } = self.optsWithGlobals<Flags>();
    if (role === undefined && bind === undefined) throw nothingToChange();
    await run({
      context,
      name,
      change: {
        ...(role !== undefined && { role }),
        ...(bind !== undefined && { namespaces: bind === false ? null : bind }),
      },
    });
  });
}

export async function runUserUpdate({ context, name, change }: UserUpdateOptions): Promise<void> {
  const isThere = await withUsers(context, (users) => users.update(name, change));
  if (!isThere) throw noUser(name);
  await context.notify({
    en: `user ${name} is changed; their sessions have ended`,
    ja: `ユーザー ${name} を変更し、セッションを終了しました`,
  });
}

function nothingToChange() {
  return usageError(
    { en: "There is nothing to change.", ja: "変更内容がありません。" },
    {
      en: "Give --role, --bind or --no-bind; `keruta user password NAME` changes a password.",
      ja: "--role、--bind、--no-bind のいずれかを指定してください。パスワードは `keruta user password NAME` で変更できます。",
    },
  );
}
