import fc from "fast-check";
import { expect, it } from "vitest";
import type { Sink } from "../io/io.ts";
import { writeDocument } from "./document.ts";
import { neutralise, neutraliseLog } from "./neutralise.ts";
import { renderTable, type Column } from "./table.ts";
import { cut, displayWidth, pad } from "./width.ts";

const anyText = fc.string({ unit: "binary" });
const wideText = fc.string({ unit: fc.constantFrom("a", "語", "ｶ", "é", "e\u0301", "😀", " ") });

it("counts East Asian wide characters as two columns and combining marks as none", () => {
  expect(displayWidth("abc")).toBe(3);
  expect(displayWidth("日本語")).toBe(6);
  expect(displayWidth("ｶﾅ")).toBe(2);
  expect(displayWidth("e\u0301")).toBe(1);
  expect(cut("日本語のタイトル", 7)).toBe("日本語…");
  expect(cut("日本語のタイトル", 8)).toBe("日本語…");
  expect(cut("abc", 0)).toBe("");
});

it("never cuts or pads to another width than the one asked for", () => {
  fc.assert(
    fc.property(wideText, fc.integer({ min: 0, max: 30 }), (text, columns) => {
      expect(displayWidth(cut(text, columns))).toBeLessThanOrEqual(columns);
      expect(cut(text, columns) === text).toBe(displayWidth(text) <= columns);
      expect(displayWidth(pad(cut(text, columns), columns))).toBe(columns);
    }),
  );
});

it("leaves no character in a line that moves the cursor or turns the text round", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      expect(neutralise(text)).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]/u);
      const kept = /\p{Cc}\[[0-9;:]*m|[\t\n\r]/gu;
      expect(neutraliseLog(text).replaceAll(kept, "")).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
  expect(neutraliseLog("\u001b[1;31mred\u001b[0m\u001b]0;title\u0007\u001b[2J")).toBe(
    "\u001b[1;31mred\u001b[0m\\x1b]0;title\\x07\\x1b[2J",
  );
});

it("draws no table wider than the terminal", () => {
  const columns: readonly Column<readonly string[]>[] = [
    { header: "ID", cell: ([id = ""]) => id },
    { header: "STATUS", cell: ([, status = ""]) => status, dropOrder: 1 },
    { header: "TITLE", cell: ([, , title = ""]) => title, shrinkTo: 4, dropOrder: 2 },
  ];
  const row = fc.tuple(wideText, wideText, wideText);
  fc.assert(
    fc.property(fc.array(row, { maxLength: 5 }), fc.integer({ min: 1, max: 60 }), (rows, width) => {
      const lines = renderTable(columns, rows, width).split("\n").slice(0, -1);
      expect(lines).toHaveLength(rows.length + 1);
      for (const text of lines) expect(displayWidth(text)).toBeLessThanOrEqual(width);
    }),
  );
});

it("writes YAML without anchors, also where one value stands twice", async () => {
  const written: string[] = [];
  const sink = { write: async (text: string) => void written.push(text) } as unknown as Sink;
  const attempt = { number: 1 };
  await writeDocument(sink, "yaml", { attempt, attempts: [attempt] });
  expect(written.join("")).toBe("attempt:\n  number: 1\nattempts:\n  - number: 1\n");
});
