import {
  environmentNameOf,
  errorCodes,
  exitCodes,
  reasonExplanations,
  reasons,
  settingTable,
} from "@keruta/shared/domain";
import { errorExplanations } from "../commands/explain/error-explanations.ts";
import { explainExitCode } from "../commands/explain/exit-codes.ts";
import { cell, generatedNote } from "./generated-note.ts";

/** docs/settings.md */
export function settingsReference(): string {
  const rows = settingTable.map(({ key, type, default: value, description }) => [
    `\`${key}\``,
    type,
    value === "" ? "" : `\`${value}\``,
    `\`${environmentNameOf(key)}\``,
    description.en,
  ]);
  return page("Settings", ["setting", "type", "default", "environment", "meaning"], rows);
}

/** docs/exit-codes.md */
export function exitCodesReference(): string {
  const codes = [...new Set(Object.values(exitCodes))].toSorted((a, b) => a - b);
  const rows = codes.map((code) => [String(code), explainExitCode(code).en]);
  return page("Exit codes", ["code", "meaning"], rows);
}

/** docs/errors.md: error codes, and the reasons why attempts end. */
export function errorsReference(): string {
  const errors = errorCodes.map((code) => [`\`${code}\``, errorExplanations[code].en]);
  const ends = reasons.map((reason) => {
    const { categories, what, remedy } = reasonExplanations[reason];
    return [`\`${reason}\``, categories.join(", "), what.en, remedy.en];
  });
  return [
    page("Error codes", ["code", "meaning"], errors),
    `## Reasons\n\n${table(["reason", "category", "meaning", "what to do"], ends)}`,
  ].join("\n");
}

function page(title: string, header: readonly string[], rows: readonly (readonly string[])[]): string {
  return `# ${title}\n\n${generatedNote}\n\n${table(header, rows)}`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, header.map(() => "---"), ...rows.map((row) => row.map(cell))];
  return lines.map((line) => `| ${line.join(" | ")} |\n`).join("");
}
