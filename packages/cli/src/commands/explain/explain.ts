import type { Command } from "commander";
import {
  apiVersion,
  errorCodes,
  isRetryable,
  reasonExplanations,
  reasons,
  type Category,
  type Text,
} from "@keruta/shared/domain";
import type { Context } from "../../context/context.ts";
import { choiceError } from "../../errors/usage.ts";
import { writeDocument } from "../../output/document.ts";
import { chooseFormat } from "../../command-line/format.ts";
import { createCommand } from "../../command-line/command.ts";
import { errorExplanations } from "./error-explanations.ts";
import { errorRemedies } from "./error-remedies.ts";
import { explainExitCode } from "./exit-codes.ts";

const formats = ["text", "json", "yaml"] as const;

export interface ExplainOptions {
  readonly context: Context;
  readonly subject: Subject;
  readonly format: (typeof formats)[number];
}

interface Subject {
  readonly name: string;
  readonly type: "Reason" | "ErrorCode" | "ExitCode";
  readonly categories: readonly Category[];
  readonly what: Text;
  readonly remedy: Text | null;
}

export function explainCommand(context: Context, run = runExplain): Command {
  return createCommand(context, {
    name: "explain",
    formats,
    examples: [
      { line: "keruta explain OOMKilled", text: { en: "a reason", ja: "理由" } },
      { line: "keruta explain KRT_DB_BUSY", text: { en: "an error code", ja: "エラーコード" } },
      { line: "keruta explain 125", text: { en: "an exit code", ja: "終了コード" } },
    ],
  })
    .argument("<reason-or-code>")
    .action(async (word: string, _: unknown, self: Command) => {
      const { output } = self.optsWithGlobals<{ output?: string }>();
      await run({ context, subject: findSubject(word), format: chooseFormat(output, formats) });
    });
}

function findSubject(word: string): Subject {
  const same = (candidate: string) => candidate.toLowerCase() === word.toLowerCase();
  const reason = reasons.find(same);
  if (reason) return { name: reason, type: "Reason", ...reasonExplanations[reason] };
  const code = errorCodes.find(same);
  if (code) {
    const what = errorExplanations[code];
    return { name: code, type: "ErrorCode", categories: [], what, remedy: errorRemedies[code] };
  }
  if (/^\d{1,3}$/.test(word) && Number(word) < 256) {
    const what = explainExitCode(Number(word));
    return { name: String(Number(word)), type: "ExitCode", categories: [], what, remedy: null };
  }
  throw choiceError("REASON|CODE", word, [...reasons, "KRT_…", "0 … 255"]);
}

export async function runExplain({ context, subject, format }: ExplainOptions): Promise<void> {
  const { io, translate } = context;
  const { name, type, categories } = subject;
  const what = translate(subject.what);
  const remedy = subject.remedy && translate(subject.remedy);
  if (format !== "text") {
    const document = { apiVersion, kind: "Explanation", type, name, categories, message: what, remedy };
    await writeDocument(io.stdout, format, document);
    return;
  }
  const retry = categories.some(isRetryable)
    ? { en: "retryable", ja: "再試行可" }
    : { en: "not retryable", ja: "再試行不可" };
  const facts = categories.length === 0 ? "" : ` (${categories.join(", ")}; ${translate(retry)})`;
  await io.stdout.write(
    [`${name}${facts}`, what, ...(remedy === null ? [] : [remedy])].map((line) => `${line}\n`).join(""),
  );
}
