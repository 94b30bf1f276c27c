import type { Command } from "commander";
import { KerutaError } from "@keruta/shared/domain";
import { createCommand } from "../../command-line/command.ts";
import type { Context } from "../../context/context.ts";
import { withTokens } from "./tokens.ts";

export interface TokenRevokeOptions {
  readonly context: Context;
  readonly ids: readonly string[];
}

export function tokenRevokeCommand(context: Context, run = runTokenRevoke): Command {
  return createCommand(context, {
    name: "revoke",
    examples: [
      {
        line: "keruta token revoke 3f9c2a7b61d0",
        text: { en: "by the id that `keruta token list` shows", ja: "`keruta token list` の ID を指定" },
      },
    ],
  })
    .argument("<token-id...>")
    .action(async (ids: readonly string[]) => {
      await run({ context, ids });
    });
}

export async function runTokenRevoke({ context, ids }: TokenRevokeOptions): Promise<void> {
  await withTokens(context, async (tokens) => {
    for (const id of ids) {
      if (!(await tokens.revoke(id))) throw noToken(id);
      await context.notify({ en: `token ${id} is revoked`, ja: `トークン ${id} を失効させました` });
    }
  });
}

function noToken(id: string): KerutaError {
  return new KerutaError(
    "KRT_SERVER_NOT_FOUND",
    { en: `There is no token "${id}".`, ja: `トークン「${id}」はありません。` },
    {
      hint: { en: "List them with `keruta token list`.", ja: "`keruta token list` で一覧できます。" },
      details: { id },
    },
  );
}
