import fc from "fast-check";
import { expect, test } from "vitest";
import { expandedNames, expandReferences, type Expansions } from "./expand.ts";

const values: Expansions = {
  KERUTA_TASK_ID: "k7m2xqaf4t",
  KERUTA_TASK_PRIORITY: "10",
  KERUTA_TASK_CREATED_AT: "2026-01-31T00:00:00.000Z",
  KERUTA_ATTEMPT: "2",
  KERUTA_API_URL: "http://api/$(KERUTA_ATTEMPT)",
};

test.each([
  ["out/$(KERUTA_TASK_ID)-$(KERUTA_ATTEMPT)", "out/k7m2xqaf4t-2"],
  [
    "$(KERUTA_TASK_TITLE) $(HOME) $KERUTA_TASK_ID ${KERUTA_TASK_ID}",
    "$(KERUTA_TASK_TITLE) $(HOME) $KERUTA_TASK_ID ${KERUTA_TASK_ID}",
  ],
  ["$$(KERUTA_TASK_ID)", "$(KERUTA_TASK_ID)"],
  ["$$$(KERUTA_TASK_ID)", "$k7m2xqaf4t"],
  ["$$$$(KERUTA_TASK_ID)", "$$(KERUTA_TASK_ID)"],
  ["kill $$ $$(date)", "kill $$ $$(date)"],
  ["$(KERUTA_TASK_ID", "$(KERUTA_TASK_ID"],
])("%s becomes %s", (text, expanded) => {
  expect(expandReferences(text, values)).toBe(expanded);
});

test("a value is not looked at again", () => {
  expect(expandReferences("$(KERUTA_API_URL)", values)).toBe("http://api/$(KERUTA_ATTEMPT)");
});

test("a name without a value stays, dollars and all", () => {
  expect(expandReferences("$$(KERUTA_API_URL) $(KERUTA_API_URL)", {})).toBe(
    "$$(KERUTA_API_URL) $(KERUTA_API_URL)",
  );
});

const pieces = fc.constantFrom(
  "$",
  "$$",
  "(",
  ")",
  "a",
  "\n",
  "$(HOME)",
  "$$(X)",
  "$(KERUTA_TASK)",
  "$(KERUTA_TASK_TITLE)",
);

test("text without one of the five names stays byte for byte", () => {
  fc.assert(
    fc.property(fc.array(pieces), (parts) => {
      const text = parts.join("");
      expect(expandReferences(text, values)).toBe(text);
    }),
  );
});

test("after doubling every dollar, Kubernetes gives back what was expanded", () => {
  const references = fc.constantFrom(...expandedNames.map((name) => `$(${name})`));
  fc.assert(
    fc.property(fc.array(fc.oneof(pieces, references)), (parts) => {
      const expanded = expandReferences(parts.join(""), values);
      expect(kubeletExpand(expanded.replaceAll("$", "$$$$"))).toBe(expanded);
    }),
  );
});

/** The kubelet's own rule, with TOKEN a secret that must never come in. */
function kubeletExpand(text: string): string {
  return text.replaceAll(/\$\$|\$\(([^)]*)\)/g, (whole) => (whole === "$$" ? "$" : "SECRET"));
}
