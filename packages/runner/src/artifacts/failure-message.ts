import { isKerutaError } from "@keruta/shared/domain";
import { StreamCut } from "./refusal.ts";

/** What to tell of a collection that failed, undefined for an error that is our bug. */
export function failureMessage(error: unknown, directory: string, signal: AbortSignal): string | undefined {
  if (signal.aborted && error === signal.reason) {
    const why = error instanceof Error ? error.message : String(error);
    return `Collecting the artifacts was stopped before its end: ${why}.`;
  }
  if (isKerutaError(error)) return error.hint ? `${error.message} ${error.hint.en}` : error.message;
  if (error instanceof StreamCut) return error.message;
  // Only calls to the file system get here: a stream's own errors are cuts.
  if (error instanceof Error && "syscall" in error) {
    return `The artifacts could not be written to ${directory} (${error.message}); free space or set keruta.artifacts.store.`;
  }
  return undefined;
}
