import fc from "fast-check";
import { expect, test } from "vitest";
import { isKerutaError } from "../error.ts";
import { readApplicationProperties } from "./application-properties.ts";
import { parseProperties } from "./properties.ts";

const name = "application.properties";
const read = (content: string | Uint8Array) => readApplicationProperties({ name, content });

function pairs(text: string) {
  return parseProperties(text).properties.map(({ key, value }) => [key, value]);
}

test.each([
  ["a=b", "a", "b"],
  ["  a : b", "a", "b"],
  ["a b c", "a", "b c"],
  ["a\t=  b  ", "a", "b  "],
  ["a", "a", ""],
  ["a==b", "a", "=b"],
  ["a\\=b=c", "a=b", "c"],
  ["a\\ b:c", "a b", "c"],
  ["a=\\u3042\\t\\n\\q\\\\", "a", "あ\t\nq\\"],
  ["a=b\\\n    c", "a", "bc"],
  ["a=b\\\\\nc=d", "a", "b\\"],
  ["a=b\\\r\n  # no comment", "a", "b# no comment"],
  ["\uFEFFa=b", "a", "b"],
  ["a=b\\", "a", "b"],
  ["# x\\\na=b", "a", "b"],
  ["! x\r\ra=b", "a", "b"],
])("%j is read as Java does", (text, key, value) => {
  expect(pairs(text)[0]).toEqual([key, value]);
});

test("whatever is escaped as Java's store() does is read back", () => {
  const escape = (text: string) =>
    Array.from(text, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
  const unit = fc.string({ unit: "grapheme-ascii", minLength: 1 });
  fc.assert(
    fc.property(unit, fc.string({ unit: "grapheme-ascii" }), (key, value) => {
      expect(pairs(`${escape(key)}=${escape(value)}`)).toEqual([[key, value]]);
    }),
  );
});

test("the first version's file is read, and other programs' keys are left alone", () => {
  const text = `# Kubernetes設定のデフォルト値
keruta.kubernetes.enabled=true
keruta.kubernetes.config-path=/path/to/kube/config
keruta.kubernetes.in-cluster=false
keruta.kubernetes.default-namespace=default
spring.datasource.password=x
`;
  expect(read(text)).toEqual({
    settings: {
      "keruta.kubernetes.enabled": "true",
      "keruta.kubernetes.config-path": "/path/to/kube/config",
      "keruta.kubernetes.in-cluster": "false",
      "keruta.kubernetes.default-namespace": "default",
    },
    warnings: [],
  });
});

test("of a key given twice the last one counts, with a warning that names both lines", () => {
  const { settings, warnings } = read("keruta.retry.attempts=1\n\nkeruta.retry.attempts=2\n");
  expect(settings).toEqual({ "keruta.retry.attempts": "2" });
  expect(warnings.map(({ en }) => en)).toEqual([
    "application.properties: keruta.retry.attempts is on line 1 and again on line 3; the last one counts.",
  ]);
});

test("all wrong lines are named at once", () => {
  const text =
    "keruta.kubernetes.enable=true\nx=\\u12\nkeruta.retry.attempts=\\\nmany\nother=\\u0041\nkeruta.nothing.like=1";
  let message = "";
  try {
    read(text);
  } catch (error) {
    if (!isKerutaError(error, "KRT_PROPERTIES_INVALID")) throw error;
    message = error.text.en;
  }
  expect(message.split("\n")).toEqual([
    "application.properties has 4 wrong lines:",
    '  application.properties:1: there is no setting "keruta.kubernetes.enable"; did you mean keruta.kubernetes.enabled?',
    "  application.properties:2: \\u needs four hexadecimal digits",
    '  application.properties:3: keruta.retry.attempts must be a whole number, from 1 to 100, but is "many"',
    '  application.properties:6: there is no setting "keruta.nothing.like"',
  ]);
});

test("bytes are UTF-8 where they can be, and ISO-8859-1 otherwise", () => {
  const key = "keruta.kubernetes.config-path";
  const utf8 = new TextEncoder().encode(`\uFEFF${key}=/é`);
  const latin1 = Uint8Array.from([...new TextEncoder().encode(`${key}=/`), 0xe9, 0x80]);
  expect(read(utf8).settings).toEqual({ [key]: "/é" });
  expect(read(latin1).settings).toEqual({ [key]: "/é\u0080" });
});

test("whatever a file holds is read or refused with a code, and never anything else", () => {
  const line = fc.oneof(
    fc.constantFrom(
      "keruta.kubernetes.enabled",
      "keruta.",
      "\\",
      "\\u12",
      "\\uD800",
      "=",
      ":",
      " ",
      "\t",
      "\r",
      "\n",
      "#",
      "!",
    ),
    fc.string({ unit: "binary", maxLength: 12 }),
  );
  const text = fc.array(line, { maxLength: 20 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.oneof(text, fc.uint8Array({ maxLength: 60 })), (content) => {
      try {
        for (const [key, value] of Object.entries(read(content).settings)) {
          expect([key.startsWith("keruta."), typeof value]).toEqual([true, "string"]);
        }
      } catch (error) {
        if (!isKerutaError(error)) throw error;
      }
    }),
    { numRuns: 500 },
  );
});
