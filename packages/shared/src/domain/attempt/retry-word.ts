import { categories, reasons } from "./reason.ts";

const exitCode = /^(?:[1-9][0-9]?|1[0-9]{2}|2[0-4][0-9]|25[0-5])$/;

/** Names that `retry.on` may hold besides exit codes. */
export const retryNames: readonly string[] = [...categories, ...reasons];

/** True for a category, a reason, or an exit code from 1 to 255. */
export function isRetryWord(word: string): boolean {
  return exitCode.test(word) || retryNames.includes(word);
}
