import type { Command } from "commander";
import { KerutaError, userNamePattern, type PersonRole } from "@keruta/shared/domain";
import { addOptions, createCommand } from "../../command-line/command.ts";
import type { Context } from "../../context/context.ts";
import { usageError } from "../../errors/usage.ts";
import { newPassword, passwordOptions, type PasswordFlags } from "./new-password.ts";
import { bindOption, roleOption, withDefault, type RoleFlags } from "./options.ts";
import { withUsers } from "./users.ts";

export interface UserAddOptions {
  readonly context: Context;
  readonly name: string;
  readonly role: PersonRole;
  /** null: all. */
  readonly namespaces: readonly string[] | null;
  readonly passwordFrom: PasswordFlags;
}

export function userAddCommand(context: Context, run = runUserAdd): Command {
  const command = createCommand(context, {
    name: "add",
    examples: [
      {
        line: "keruta user add hanako --role operator",
        text: {
          en: "asks for the password; may add and run tasks",
          ja: "パスワードを尋ねる。タスクの追加と実行を許可",
        },
      },
      {
        line: "keruta user add taro --bind team-a",
        text: { en: "sees nothing but that namespace's tasks", ja: "そのネームスペースのタスクだけを扱える" },
      },
      {
        line: "pass show keruta/hanako | keruta user add hanako --password-stdin",
        text: { en: "from a program, without a terminal", ja: "端末なしで、ほかのプログラムから渡す" },
      },
    ],
  }).argument("<name>");
  return addOptions(context, command, [
    withDefault(roleOption, { en: "viewer", ja: "viewer" }),
    withDefault(bindOption, { en: "all", ja: "すべて" }),
    ...passwordOptions,
  ]).action(async (name: string, _: unknown, self: Command) => {
    const { role = "viewer", bind = null, ...flags } = self.optsWithGlobals<RoleFlags & PasswordFlags>();
    await run({ context, name, role, namespaces: bind, passwordFrom: flags });
  });
}

export async function runUserAdd(options: UserAddOptions): Promise<void> {
  const { context, name, role, namespaces, passwordFrom } = options;
  if (!userNamePattern.test(name)) throw noName(name);
  const password = await newPassword(context, passwordFrom);
  const isAdded = await withUsers(context, (users) => users.add({ name, role, namespaces, password }));
  if (!isAdded) throw nameTaken(name);
  await context.notify({
    en: `user ${name} (${role}) was added`,
    ja: `ユーザー ${name}（${role}）を追加しました`,
  });
}

function noName(name: string): KerutaError {
  return usageError(
    { en: `"${name}" is no name of a user.`, ja: `「${name}」はユーザー名として使えません。` },
    {
      en: "Use up to 63 letters, digits, `.`, `_`, `@` and `-`, a letter or a digit first.",
      ja: "文字と数字、`.`、`_`、`@`、`-` で 63 文字まで、先頭は文字か数字にしてください。",
    },
  );
}

function nameTaken(name: string): KerutaError {
  return new KerutaError(
    "KRT_NAME_TAKEN",
    { en: `There is a user "${name}" already.`, ja: `ユーザー「${name}」はすでに存在します。` },
    {
      hint: {
        en: `Choose another name, or change the user: \`keruta user update ${name}\`, \`keruta user password ${name}\`.`,
        ja: `別の名前にするか、\`keruta user update ${name}\` か \`keruta user password ${name}\` で変更してください。`,
      },
      details: { name },
    },
  );
}
