/** True for what the operating system refused, as ENOSPC or EIO; false for a bug, also one with a code of Node's. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error && "code" in error;
}
