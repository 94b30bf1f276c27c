import { styleText } from "node:util";
import type { TaskStatus } from "@keruta/shared/domain";
import type { Sink } from "../io/io.ts";

export type Color = "green" | "red" | "yellow" | "cyan" | "gray" | "bold";

export function colored(sink: Sink, color: Color, text: string): string {
  return sink.colorLevel === 0 ? text : styleText(color, text, { validateStream: false });
}

const statusColors: Readonly<Record<TaskStatus, Color>> = {
  PENDING: "gray",
  IN_PROGRESS: "cyan",
  COMPLETED: "green",
  FAILED: "red",
  CANCELLED: "yellow",
};

export function coloredStatus(sink: Sink, status: TaskStatus, text: string = status): string {
  return colored(sink, statusColors[status], text);
}
