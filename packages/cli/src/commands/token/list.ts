import type { Command } from "commander";
import { createCommand } from "../../command-line/command.ts";
import { chooseFormat } from "../../command-line/format.ts";
import type { Context } from "../../context/context.ts";
import { writeList } from "../../output/list.ts";
import { neutralise } from "../../output/neutralise.ts";
import type { Column } from "../../output/table.ts";
import { withTokens, type ShownToken } from "./tokens.ts";

const formats = ["text", "name", "json", "yaml", "jsonl"] as const;

export interface TokenListOptions {
  readonly context: Context;
  readonly format: (typeof formats)[number];
}

export function tokenListCommand(context: Context, run = runTokenList): Command {
  return createCommand(context, {
    name: "list",
    formats,
    examples: [{ line: "keruta token list", text: { en: "never what they are", ja: "中身は表示しない" } }],
  }).action(async (_: unknown, self: Command) => {
    const { output } = self.optsWithGlobals<{ output?: string }>();
    await run({ context, format: chooseFormat(output, formats) });
  });
}

export async function runTokenList({ context, format }: TokenListOptions): Promise<void> {
  const { stdout } = context.io;
  const items = await withTokens(context, (tokens) => tokens.list());
  await writeList(stdout, format, { kind: "TokenList", items, name: ({ id }) => id, columns });
}

const columns: readonly Column<ShownToken>[] = [
  { header: "ID", cell: ({ id }) => id },
  { header: "NAME", cell: ({ name }) => neutralise(name), shrinkTo: 10 },
  { header: "ROLE", cell: ({ role }) => role },
  {
    header: "NAMESPACES",
    cell: ({ namespaces }) => namespaces?.join(",") ?? "*",
    shrinkTo: 10,
    dropOrder: 3,
  },
  { header: "EXPIRES", cell: ({ expiresAt }) => expiresAt ?? "-", dropOrder: 2 },
  { header: "LAST USED", cell: ({ lastUsedAt }) => lastUsedAt ?? "-", dropOrder: 1 },
];
