import type { Command } from "commander";
import { apiVersion, roles, type Role } from "@keruta/shared/domain";
import { addOptions, createCommand } from "../../command-line/command.ts";
import { chooseFormat } from "../../command-line/format.ts";
import { choiceValue, durationValue } from "../../command-line/values.ts";
import type { Context } from "../../context/context.ts";
import { writeDocument } from "../../output/document.ts";
import { withTokens } from "./tokens.ts";

const formats = ["text", "json", "yaml"] as const;

export interface TokenCreateOptions {
  readonly context: Context;
  readonly name: string;
  readonly role: Role;
  readonly namespaces: readonly string[] | null;
  /** Milliseconds from now; null: for ever. */
  readonly lifetime: number | null;
  readonly format: (typeof formats)[number];
}

interface Flags {
  readonly role?: Role;
  readonly bind?: readonly string[];
  readonly expires?: number;
  readonly output?: string;
}

export function tokenCreateCommand(context: Context, run = runTokenCreate): Command {
  const command = createCommand(context, {
    name: "create",
    formats,
    examples: [
      {
        line: "keruta token create ci --role operator --expires 90d",
        text: { en: "may add and run tasks, for 90 days", ja: "90 日間、タスクの追加と実行を許可" },
      },
      {
        line: "keruta token create team-a --role operator --bind team-a",
        text: { en: "sees nothing but that namespace's tasks", ja: "そのネームスペースのタスクだけを扱える" },
      },
      {
        line: "keruta token create pods --role agent",
        text: {
          en: "for the Secret of keruta.agent.token-secret: agents trade it for the token of their attempt",
          ja: "keruta.agent.token-secret の Secret に置くトークン。エージェントが試行用トークンと引き換えに使う",
        },
      },
    ],
  }).argument("<name>");
  addOptions(context, command, [
    {
      flags: "--role <role>",
      text: {
        en: `what it may do: ${roles.join(", ")} (default viewer)`,
        ja: `許可する操作: ${roles.join("・")}（既定 viewer）`,
      },
      parse: choiceValue("--role", roles),
    },
    {
      flags: "--bind <namespace,...>",
      text: {
        en: "namespaces that it is bound to (default: all)",
        ja: "限定するネームスペース（既定: すべて）",
      },
      parse: (value) => value.split(",").map((part) => part.trim()),
    },
    {
      flags: "--expires <duration>",
      text: {
        en: "how long it is valid, such as 90d (default: for ever)",
        ja: "有効期間（例 90d、既定: 無期限）",
      },
      parse: durationValue("--expires"),
    },
  ]);
  return command.action(async (name: string, _: unknown, self: Command) => {
    const { role = "viewer", bind = null, expires = null, output } = self.optsWithGlobals<Flags>();
    await run({
      context,
      name,
      role,
      namespaces: bind,
      lifetime: expires,
      format: chooseFormat(output, formats),
    });
  });
}

export async function runTokenCreate(options: TokenCreateOptions): Promise<void> {
  const { context, name, role, namespaces, lifetime, format } = options;
  const expiresAt = lifetime === null ? null : new Date(context.clock() + lifetime).toISOString();
  const made = await withTokens(context, (tokens) => tokens.create({ name, role, namespaces, expiresAt }));
  if (format !== "text") {
    await writeDocument(context.io.stdout, format, { apiVersion, kind: "Token", ...made });
    return;
  }
  await context.io.stdout.write(`${made.token}\n`);
  await context.notify({
    en: `token ${made.id} (${role}) was made; it is shown this once`,
    ja: `トークン ${made.id}（${role}）を作成しました。表示は今回だけです`,
  });
}
