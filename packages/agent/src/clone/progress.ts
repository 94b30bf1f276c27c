/** Milliseconds between two lines of the same kind of progress; git redraws its own several times a second. */
const progressInterval = 2000;
/** A line of a server that never ends it must not fill the memory. */
const maxLineLength = 4096;

export interface ProgressOptions {
  readonly clock: () => number;
  readonly onLine: (line: string) => void;
  readonly hide: (text: string) => string;
}

export interface ProgressLines {
  write(chunk: string): void;
  end(): void;
  /** The last lines that were not progress, oldest first. */
  readonly words: readonly string[];
}

/** Turns git's stderr into lines: of what it redraws with CR only some pass, of what it ends with LF all do. */
export function createProgressLines(options: ProgressOptions): ProgressLines {
  const words: string[] = [];
  let rest = "";
  let shownAt = Number.NEGATIVE_INFINITY;

  function take(raw: string, redrawn: boolean): void {
    // The server's own words pass through here: they must not move a terminal's cursor.
    // oxlint-disable-next-line no-control-regex -- these are what must not pass
    const line = options.hide(raw.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "")).trimEnd();
    if (line === "") return;
    if (redrawn) {
      if (options.clock() - shownAt < progressInterval) return;
      shownAt = options.clock();
    } else if (!/^(?:remote: )?[A-Z][\w ]+: +\d+(?:% \(|,|\.|$)/.test(line)) {
      words.push(line);
      if (words.length > 20) words.shift();
    }
    options.onLine(line);
  }

  return {
    words,
    write(chunk) {
      rest += chunk;
      let start = 0;
      // CR LF is one end, not a redrawn line and an empty one: a last CR waits for what follows it.
      for (const { index, 0: mark } of rest.matchAll(/\r\n|\n|\r(?=[^])/g)) {
        take(rest.slice(start, index), mark === "\r");
        start = index + mark.length;
      }
      rest = rest.slice(start);
      if (rest.length > maxLineLength) {
        take(rest, false);
        rest = "";
      }
    },
    end() {
      take(rest, false);
      rest = "";
    },
  };
}
