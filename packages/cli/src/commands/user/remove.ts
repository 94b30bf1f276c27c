import type { Command } from "commander";
import { createCommand } from "../../command-line/command.ts";
import type { Context } from "../../context/context.ts";
import { noUser } from "./no-user.ts";
import { withUsers } from "./users.ts";

export interface UserRemoveOptions {
  readonly context: Context;
  readonly names: readonly string[];
}

export function userRemoveCommand(context: Context, run = runUserRemove): Command {
  return createCommand(context, {
    name: "remove",
    examples: [
      {
        line: "keruta user remove taro",
        text: { en: "their sessions end at once", ja: "セッションもすぐに終わる" },
      },
    ],
  })
    .argument("<name...>")
    .action(async (names: readonly string[]) => {
      await run({ context, names });
    });
}

export async function runUserRemove({ context, names }: UserRemoveOptions): Promise<void> {
  await withUsers(context, async (users) => {
    for (const name of names) {
      if (!(await users.remove(name))) throw noUser(name);
      await context.notify({ en: `user ${name} is removed`, ja: `ユーザー ${name} を削除しました` });
    }
  });
}
