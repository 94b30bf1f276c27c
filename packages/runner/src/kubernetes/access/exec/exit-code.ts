import type { Status } from "../errors.ts";

/** What the status message says: the command's exit code, or undefined where the command was never run. */
export function exitCodeOf(status: (Status & { readonly status?: string }) | undefined): number | undefined {
  if (status?.status === "Success") return 0;
  if (status?.reason !== "NonZeroExitCode") return undefined;
  const cause = status.details?.causes?.find(({ reason }) => reason === "ExitCode");
  const code = Number(cause?.message ?? Number.NaN);
  return Number.isInteger(code) ? code : undefined;
}
