import fc from "fast-check";
import { expect, test } from "vitest";
import { isKerutaError } from "../domain/error.ts";
import { parseTaskFile, type TaskFile } from "./parse.ts";

const head = "apiVersion: keruta/v1\nkind: Task\n";

function outcomeOf(file: TaskFile): string {
  try {
    parseTaskFile(file);
    return "tasks";
  } catch (error) {
    if (!isKerutaError(error)) throw error;
    return error.text.en.includes(file.name) ? `refused in ${file.name}` : `refused: ${error.text.en}`;
  }
}

test("whatever a file holds is tasks or refused with a code and a place, and soon", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...head.split("\n"),
      "\n",
      "spec:\n",
      "  image: a\n",
      "  command: [a, b]\n",
      "---\n",
      "...\n",
      "&a ",
      "*a",
      "<<: *a\n",
    ),
    fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ": ",
      "- ",
      "? ",
      "| \n",
      "> \n",
      "!!js/function ",
      "%YAML 1.2\n",
      "\t",
      "\u0000",
      "\uFEFF",
      "'",
      '"',
    ),
    fc.string({ unit: "binary", maxLength: 10 }),
  );
  const text = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(""));
  const files = fc.record({
    name: fc.constantFrom("a.yaml", "a.json"),
    text: fc.oneof(
      text,
      text.map((rest) => head + rest),
    ),
  });
  fc.assert(
    fc.property(files, (file) => {
      expect(["tasks", `refused in ${file.name}`]).toContain(outcomeOf(file));
    }),
    { numRuns: 1000 },
  );
});
