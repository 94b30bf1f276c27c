import type { Command } from "commander";
import type { User } from "@keruta/shared/queue";
import { createCommand } from "../../command-line/command.ts";
import { chooseFormat } from "../../command-line/format.ts";
import type { Context } from "../../context/context.ts";
import { writeList } from "../../output/list.ts";
import { neutralise } from "../../output/neutralise.ts";
import type { Column } from "../../output/table.ts";
import { withUsers } from "./users.ts";

const formats = ["text", "name", "json", "yaml", "jsonl"] as const;

export interface UserListOptions {
  readonly context: Context;
  readonly format: (typeof formats)[number];
}

export function userListCommand(context: Context, run = runUserList): Command {
  return createCommand(context, {
    name: "list",
    formats,
    examples: [
      {
        line: "keruta user list",
        text: { en: "who may log in to the panel", ja: "パネルにログインできる人" },
      },
    ],
  }).action(async (_: unknown, self: Command) => {
    const { output } = self.optsWithGlobals<{ output?: string }>();
    await run({ context, format: chooseFormat(output, formats) });
  });
}

export async function runUserList({ context, format }: UserListOptions): Promise<void> {
  const { stdout } = context.io;
  const items = await withUsers(context, (users) => users.list());
  await writeList(stdout, format, { kind: "UserList", items, name: ({ name }) => name, columns });
}

const columns: readonly Column<User>[] = [
  { header: "NAME", cell: ({ name }) => neutralise(name), shrinkTo: 10 },
  { header: "ROLE", cell: ({ role }) => role },
  {
    header: "NAMESPACES",
    cell: ({ namespaces }) => namespaces?.join(",") ?? "*",
    shrinkTo: 10,
    dropOrder: 3,
  },
  { header: "CREATED", cell: ({ createdAt }) => createdAt, dropOrder: 1 },
  { header: "LAST LOGIN", cell: ({ lastLoginAt }) => lastLoginAt ?? "-", dropOrder: 2 },
];
