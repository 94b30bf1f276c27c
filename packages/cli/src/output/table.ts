import { cut, displayWidth, pad } from "./width.ts";

export interface Column<Row> {
  readonly header: string;
  readonly cell: (row: Row) => string;
  /** The column may be cut to this width; without it, it is shown whole or not at all. */
  readonly shrinkTo?: number;
  /** The highest goes first when the terminal is too narrow; without it, the column stays. */
  readonly dropOrder?: number;
  readonly style?: (text: string, row: Row) => string;
}

const gap = 2;

/** Lines of a table no wider than `width`; cells must be free of control characters. */
export function renderTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number,
): string {
  const table = fit(
    columns.map((column) => measure(column, rows)),
    width,
  );
  const line = (
    text: (entry: Measured<Row>, at: number) => string,
    styled: (entry: Measured<Row>, text: string) => string,
  ) =>
    `${table
      .map((entry, at) => {
        const shown = cut(text(entry, at), entry.width);
        return at === table.length - 1
          ? styled(entry, shown)
          : styled(entry, pad(shown, entry.width)) + " ".repeat(gap);
      })
      .join("")
      .trimEnd()}\n`;
  const header = line(
    (entry) => entry.column.header,
    (_, text) => text,
  );
  return (
    header +
    rows
      .map((row, index) =>
        line(
          (entry) => entry.cells[index] ?? "",
          (entry, text) => entry.column.style?.(text, row) ?? text,
        ),
      )
      .join("")
  );
}

interface Measured<Row> {
  readonly column: Column<Row>;
  readonly cells: readonly string[];
  readonly width: number;
}

function measure<Row>(column: Column<Row>, rows: readonly Row[]): Measured<Row> {
  const cells = rows.map((row) => column.cell(row));
  let width = displayWidth(column.header);
  for (const cell of cells) width = Math.max(width, displayWidth(cell));
  return { column, cells, width };
}

function fit<Row>(table: readonly Measured<Row>[], width: number): readonly Measured<Row>[] {
  const excess = totalWidth(table) - width;
  if (excess <= 0) return table;
  const shrunk = shrink(table, excess);
  if (totalWidth(shrunk) <= width) return shrunk;
  const droppable = table.filter(({ column }) => column.dropOrder !== undefined);
  const last = droppable.toSorted((a, b) => (b.column.dropOrder ?? 0) - (a.column.dropOrder ?? 0))[0];
  if (last)
    return fit(
      table.filter((entry) => entry !== last),
      width,
    );
  return cutHard(shrunk, width);
}

/** Takes the excess from the widest of the columns that may shrink. */
function shrink<Row>(table: readonly Measured<Row>[], excess: number): readonly Measured<Row>[] {
  let left = excess;
  let result = table;
  while (left > 0) {
    const widest = result
      .filter(({ column, width }) => column.shrinkTo !== undefined && width > column.shrinkTo)
      .toSorted((a, b) => b.width - a.width)[0];
    if (!widest) return result;
    const width = Math.max(widest.column.shrinkTo ?? 0, widest.width - left);
    left -= widest.width - width;
    result = result.map((entry) => (entry === widest ? { ...entry, width } : entry));
  }
  return result;
}

/** Nothing is left to drop: columns are filled from the left until the line is full. */
function cutHard<Row>(table: readonly Measured<Row>[], width: number): readonly Measured<Row>[] {
  let left = width;
  const result: Measured<Row>[] = [];
  for (const entry of table) {
    if (left < 1) break;
    result.push({ ...entry, width: Math.min(entry.width, left) });
    left -= entry.width + gap;
  }
  return result;
}

function totalWidth<Row>(table: readonly Measured<Row>[]): number {
  return table.reduce((sum, { width }) => sum + width + gap, -gap);
}
