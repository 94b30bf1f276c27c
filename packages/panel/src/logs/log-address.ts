/** Which log is open, and at which line: the fragment of the page's address. */
export interface LogAddress {
  readonly taskId: string;
  /** undefined: the latest. */
  readonly attempt: number | undefined;
  /** The sequence of the line that is meant. */
  readonly line: number | undefined;
}

export function parseLogAddress(fragment: string): LogAddress | undefined {
  const [, taskId, attempt, line] =
    /^log\/([a-z2-7]+)(?:\/(\d{1,9})(?:\/(\d{1,15}))?)?$/.exec(fragment) ?? [];
  if (taskId === undefined) return undefined;
  return {
    taskId,
    attempt: attempt === undefined ? undefined : Number(attempt),
    line: line === undefined ? undefined : Number(line),
  };
}

export function formatLogAddress({ taskId, attempt, line }: LogAddress): string {
  const parts = [
    "log",
    taskId,
    ...(attempt === undefined ? [] : [attempt, ...(line === undefined ? [] : [line])]),
  ];
  return `#${parts.join("/")}`;
}
