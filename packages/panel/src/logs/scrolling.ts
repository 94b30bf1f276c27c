/** The row that a reader looks at, and where on the screen it is. */
export interface Anchor {
  readonly sequence: string;
  /** Pixels below the top of what is seen; negative where it begins above. */
  readonly offset: number;
}

/** The first row that is seen. */
export function anchorOf(frame: HTMLElement, rows: HTMLElement): Anchor | undefined {
  const all = rows.children;
  let [low, high] = [0, all.length - 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const row = all[middle] as HTMLElement;
    if (row.offsetTop + row.offsetHeight > frame.scrollTop) high = middle;
    else low = middle + 1;
  }
  const row = all[low] as HTMLElement | undefined;
  const sequence = row?.dataset["sequence"];
  return row && sequence !== undefined ? { sequence, offset: row.offsetTop - frame.scrollTop } : undefined;
}

/** Brings the row back to where it was, whatever has come or gone above it. */
export function restore(frame: HTMLElement, rows: HTMLElement, { sequence, offset }: Anchor): boolean {
  const row = rowOf(rows, sequence);
  if (!row) return false;
  const top = row.offsetTop - offset;
  if (Math.abs(frame.scrollTop - top) >= 1) frame.scrollTop = top;
  return true;
}

export function rowOf(rows: HTMLElement, sequence: number | string): HTMLElement | null {
  return rows.querySelector<HTMLElement>(`[data-sequence="${String(sequence)}"]`);
}

export function isAtBottom(frame: HTMLElement): boolean {
  return frame.scrollHeight - frame.scrollTop - frame.clientHeight < 4;
}
