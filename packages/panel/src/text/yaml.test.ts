import fc from "fast-check";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { toYaml } from "./yaml.ts";

test("is what a person would write", () => {
  const task = {
    title: "Build the docs",
    labels: { team: "docs", "example.com/x": "no" },
    spec: {
      command: ["make", "-j", "4"],
      script: "set -e\necho hi\n",
      env: {},
      volumes: [{ name: "a", size: "1Gi" }],
    },
  };
  expect(toYaml(task)).toBe(`title: Build the docs
labels:
  team: docs
  example.com/x: "no"
spec:
  command:
  - make
  - "-j"
  - "4"
  script: |
    set -e
    echo hi
  env: {}
  volumes:
  - name: a
    size: "1Gi"
`);
});

test.each(["1.1", "1.2"] as const)("reads back the same in YAML %s, whatever is in it", (version) => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.stringMatching(/^[a-zA-Z0-9 .:~#\n\t_e+-]{0,12}$/),
    fc.constantFrom(
      "no",
      "~",
      "1e3",
      "e-0",
      ".e-1",
      "0x1",
      ".inf",
      "1:30",
      "null",
      "- a",
      "a: b",
      "x\n\n",
      "\n",
      "a\n b\n",
      "#",
    ),
  );
  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      text,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(text, tie("value"), { maxKeys: 4 }),
    ),
  })).value;
  fc.assert(
    fc.property(fc.dictionary(text, json, { maxKeys: 5 }), (value) => {
      // A key `__proto__` is nobody's.
      fc.pre(!JSON.stringify(value).includes("__proto__"));
      expect(parse(toYaml(value), { version })).toEqual(JSON.parse(JSON.stringify(value)));
    }),
    { numRuns: 500 },
  );
});
