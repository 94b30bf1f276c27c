/** What Node or a database driver calls an error, as `ENOENT` and `SQLITE_BUSY`; undefined for all else. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
