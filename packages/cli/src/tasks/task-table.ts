import type { Task } from "@keruta/shared/domain";
import type { Context } from "../context/context.ts";
import { neutralise } from "../output/neutralise.ts";
import { coloredStatus } from "../output/style.ts";
import { renderTable, type Column } from "../output/table.ts";
import { age } from "../output/time.ts";

/** Tasks as a table that fits the terminal. */
export function taskTable(context: Context, tasks: readonly Task[], wide: boolean): string {
  const { stdout } = context.io;
  const now = context.clock();
  const columns: readonly Column<Task>[] = [
    { header: "ID", cell: ({ id }) => id },
    {
      header: "STATUS",
      cell: ({ status }) => status,
      style: (text, { status }) => coloredStatus(stdout, status, text),
      dropOrder: 1,
    },
    { header: "REASON", cell: ({ attempt }) => attempt?.reason ?? "", dropOrder: 4 },
    { header: "PRIORITY", cell: ({ priority }) => String(priority), dropOrder: 5 },
    { header: "AGE", cell: ({ createdAt }) => age(createdAt, now), dropOrder: 3 },
    ...(wide ? wideColumns : []),
    { header: "TITLE", cell: ({ title }) => neutralise(title), shrinkTo: 8, dropOrder: 2 },
  ];
  return renderTable(columns, tasks, stdout.columns);
}

const wideColumns: readonly Column<Task>[] = [
  { header: "ATTEMPT", cell: ({ attempt }) => (attempt ? String(attempt.number) : ""), dropOrder: 9 },
  { header: "PHASE", cell: ({ attempt }) => attempt?.phase ?? "", dropOrder: 8 },
  {
    header: "EXIT",
    cell: ({ attempt }) => (attempt?.exitCode == null ? "" : String(attempt.exitCode)),
    dropOrder: 7,
  },
  { header: "RUNNER", cell: ({ attempt, spec }) => attempt?.runner ?? spec.runner ?? "", dropOrder: 10 },
  { header: "CREATED BY", cell: ({ createdBy }) => neutralise(createdBy), shrinkTo: 8, dropOrder: 11 },
  { header: "LABELS", cell: ({ labels }) => labelText(labels), shrinkTo: 8, dropOrder: 12 },
];

export function labelText(labels: Readonly<Record<string, string>>): string {
  return neutralise(
    Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(","),
  );
}
