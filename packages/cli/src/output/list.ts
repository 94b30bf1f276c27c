import { apiVersion } from "@keruta/shared/domain";
import type { Sink } from "../io/io.ts";
import { writeDocument } from "./document.ts";
import { renderTable, type Column } from "./table.ts";

export interface List<Item> {
  /** Of the one document that `-o json` and `-o yaml` print. */
  readonly kind: string;
  readonly items: readonly Item[];
  /** As a program reads it; without it, the item itself. */
  readonly json?: (item: Item) => unknown;
  /** What other commands call it by. */
  readonly name: (item: Item) => string;
  readonly columns: readonly Column<Item>[];
}

/** `wide` differs from `text` by its columns alone. */
export async function writeList<Item>(
  sink: Sink,
  format: "text" | "wide" | "name" | "json" | "yaml" | "jsonl",
  { kind, items, json = (item) => item, name, columns }: List<Item>,
): Promise<void> {
  switch (format) {
    case "json":
    case "yaml":
      await writeDocument(sink, format, { apiVersion, kind, items: items.map(json) });
      return;
    case "jsonl":
      for (const item of items) await writeDocument(sink, format, json(item));
      return;
    case "name":
      await sink.write(items.map((item) => `${name(item)}\n`).join(""));
      return;
    case "text":
    case "wide":
      await sink.write(renderTable(columns, items, sink.columns));
  }
}
