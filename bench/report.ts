import { cpus, loadavg, release, totalmem } from "node:os";
import { isShort, type BenchRow } from "./row.ts";

export interface Report {
  readonly machine: string;
  /** Of the last minute, when the first row began: above the number of processors, figures are noise. */
  readonly load: number;
  readonly rows: readonly BenchRow[];
}

export function describeMachine(): Omit<Report, "rows"> {
  const processors = `${String(cpus().length)} × ${cpus()[0]?.model ?? "an unknown processor"}`;
  const memory = `${String(Math.round(totalmem() / 2 ** 30))} GiB`;
  const machine = [processors, memory, `Linux ${release()}`, `Node ${process.version}`].join(", ");
  return { machine, load: loadavg()[0] ?? Number.NaN };
}

/** A table for people, in Markdown, and what falls short with what bounds it. */
export function formatReport({ machine, load, rows }: Report): string {
  const head = ["work", "keruta", "against", "its figure", "ratio", "target", ""];
  const lines = rows.map((row) => [
    row.work,
    `${figure(row.ours)} ${row.unit}`,
    row.against,
    `${figure(row.peer)} ${row.unit}`,
    `${row.ratio.toFixed(2)} ×`,
    row.target ? `${row.target.relation} ${String(row.target.ratio)} ×` : "–",
    row.target ? (isShort(row) ? "short" : "met") : "",
  ]);
  const table = [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`);
  const short = rows
    .filter(isShort)
    .map(
      ({ work, boundBy }) => `- Short of its target: ${work}. ${boundBy ?? "What bounds it is not known."}`,
    );
  return [`${machine}; load at the start ${load.toFixed(1)}`, "", ...table, "", ...short].join("\n");
}

function figure(value: number): string {
  if (value >= 1000) return Math.round(value).toLocaleString("en");
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}
