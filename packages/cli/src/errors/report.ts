import { exitCodes, isKerutaError, type KerutaError, type Language } from "@keruta/shared/domain";
import { neutralise } from "../output/neutralise.ts";

export interface ErrorReport {
  readonly exitCode: number;
  /** For stderr, whole lines. */
  readonly words: string;
}

export interface ReportOptions {
  readonly language: Language;
  readonly json: boolean;
  readonly version: string;
  /** True for `submit`, `attach` and `wait`: 125 is keruta's own failure there, so that 1 and 2 are the task's. */
  readonly passesOnExitCode: boolean;
}

/** The one place where an error becomes an exit code and words. */
export function reportError(error: unknown, options: ReportOptions): ErrorReport {
  const failure = exitCodeFor(error, options.passesOnExitCode);
  if (!isKerutaError(error)) return { exitCode: failure, words: bugWords(error, options) };
  return {
    exitCode: failure,
    words: options.json ? jsonLine(error, options.language) : sentences(error, options),
  };
}

function exitCodeFor(error: unknown, passesOnExitCode: boolean): number {
  if (isKerutaError(error, "KRT_TIMEOUT") && passesOnExitCode) return exitCodes.timedOut;
  if (passesOnExitCode) return exitCodes.kerutaFailed;
  return isKerutaError(error, "KRT_USAGE") ? exitCodes.usage : exitCodes.failure;
}

function sentences(error: KerutaError, { language }: ReportOptions): string {
  const lines = [`${error.text[language]} (${error.code})`];
  if (error.hint) lines.push(`${language === "ja" ? "次の手順" : "next"}: ${error.hint[language]}`);
  return prefixed(lines.join("\n"));
}

function jsonLine(error: KerutaError, language: Language): string {
  const { code, details } = error;
  const hint = error.hint?.[language] ?? null;
  return `${JSON.stringify({ error: { code, message: error.text[language], hint, details: details ?? null } })}\n`;
}

function bugWords(error: unknown, { language, json, version }: ReportOptions): string {
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const message =
    language === "ja"
      ? `keruta ${version} の不具合です。次の内容を添えて報告してください。`
      : `This is a bug in keruta ${version}; please report it with the lines below.`;
  if (!json) return prefixed(`${message} (KRT_INTERNAL)\n${trace}`);
  return `${JSON.stringify({ error: { code: "KRT_INTERNAL", message, hint: null, details: { version, stack: trace } } })}\n`;
}

/** keruta's own words can be told from a task's stderr by this prefix. */
export function prefixed(text: string): string {
  return text
    .split("\n")
    .map((line) => `keruta: ${neutralise(line)}\n`)
    .join("");
}
