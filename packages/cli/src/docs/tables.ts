import { environmentNameOf, exitCodes, settingTable, type Language } from "@keruta/shared/domain";
import { explainExitCode } from "../commands/explain/exit-codes.ts";
import { cell, generatedNote } from "./generated-note.ts";

/** docs/settings.md */
export function settingsReference(language: Language): string {
  const rows = settingTable.map(({ key, type, default: value, description }) => [
    `\`${key}\``,
    type,
    value === "" ? "" : `\`${value}\``,
    `\`${environmentNameOf(key)}\``,
    description[language],
  ]);
  return language === "en"
    ? page("Settings", ["setting", "type", "default", "environment", "meaning"], rows)
    : page("設定", ["設定", "型", "既定値", "環境変数", "意味"], rows);
}

/** docs/exit-codes.md */
export function exitCodesReference(language: Language): string {
  const codes = [...new Set(Object.values(exitCodes))].toSorted((a, b) => a - b);
  const rows = codes.map((code) => [String(code), explainExitCode(code)[language]]);
  return language === "en"
    ? page("Exit codes", ["code", "meaning"], rows)
    : page("終了コード", ["コード", "意味"], rows);
}

function page(title: string, header: readonly string[], rows: readonly (readonly string[])[]): string {
  return `# ${title}\n\n${generatedNote}\n\n${table(header, rows)}`;
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [header, header.map(() => "---"), ...rows.map((row) => row.map(cell))];
  return lines.map((line) => `| ${line.join(" | ")} |\n`).join("");
}
