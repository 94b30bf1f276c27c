import { expect, test } from "vitest";
import { isKerutaError, type ErrorCode } from "../domain/error.ts";
import { parseTaskFile, type TaskFile } from "./parse.ts";
import { validateTask } from "./validate.ts";

const head = "apiVersion: keruta/v1\nkind: Task\n";
const name = "a.yaml";

function errorOf(run: () => unknown, code: ErrorCode = "KRT_TASK_INVALID") {
  try {
    run();
  } catch (error) {
    if (isKerutaError(error, code)) return error;
    throw error;
  }
  throw new Error(`no ${code}`);
}

/** The message's lines below its first. */
function complaintsOf(file: TaskFile) {
  return errorOf(() => parseTaskFile(file))
    .text.en.split("\n  ")
    .slice(1);
}

const complain = (text: string) => complaintsOf({ name, text });
const spec = (lines: string) => `${head}spec:\n${lines}`;

test("the contract's example is a task", () => {
  const text = `${spec(`  image: example/docs:1
  command: [make, docs]
  args: []
  script: ""
  repository: { url, ref, depth, path: /workspace, secret, submodules, clean: false }
  volumes:
    - { name: cache, pvc: { claim: build-cache }, mountPath: /cache }
    - { name: k8s, persistentVolumeClaim: { claimName: c, readOnly: true }, mountPath: /c }
  resources: { requests: { cpu: 1, memory: 256Mi } }
  pendingTimeout: ""
  runAsUser: null
  concurrency: { key: "", limit: 1, onConflict: wait }
  notBefore: 2026-01-31T09:00:00+09:00
`)}`;
  expect(parseTaskFile({ name, text })).toEqual([
    {
      title: "make docs",
      description: "",
      priority: 0,
      labels: {},
      spec: {
        image: "example/docs:1",
        command: ["make", "docs"],
        args: [],
        repository: { path: "/workspace", clean: false },
        volumes: [
          { name: "cache", mountPath: "/cache", pvc: { claim: "build-cache" } },
          { name: "k8s", mountPath: "/c", pvc: { claim: "c" }, readOnly: true },
        ],
        resources: { requests: { cpu: "1", memory: "256Mi" } },
        concurrency: { limit: 1, onConflict: "wait" },
        notBefore: "2026-01-31T00:00:00.000Z",
      },
    },
  ]);
});

test("titles with quotes, newlines, backticks and control characters are data", () => {
  const title = "\"'`$(id)\n\r\t\u001b[31m\u0007 𝕏";
  const text = JSON.stringify({ apiVersion: "keruta/v1", kind: "Task", title });
  expect(parseTaskFile({ name: "a.json", text })[0]?.title).toBe(title);
  expect(parseTaskFile({ name, text })[0]?.title).toBe(title);
});

test("several documents are several tasks, and empty ones none", () => {
  const text = `---\n${head}title: a\n---\n---\n# nothing\n---\n${head}title: b\n...\n`;
  expect(parseTaskFile({ name, text }).map(({ title }) => title)).toEqual(["a", "b"]);
});

test("all complaints of all documents come at once, each with its line and column", () => {
  const text = `${head}title: 1
spec:
  imge: x
  timeout: abc
  env: { A: 1, "B C": x }
---
image: x
spec: []
`;
  expect(complain(text)).toEqual([
    "a.yaml:3:8: title must be text, but is the number 1: put it into quotes",
    "a.yaml:5:3: spec.imge is unknown; did you mean image?",
    'a.yaml:6:12: spec.timeout must be a duration such as 30m, 1h30m or 10s, but is "abc"',
    "a.yaml:7:13: spec.env.A must be text, but is the number 1: put it into quotes",
    expect.stringMatching(
      /^a\.yaml:7:16: a key of spec\.env must be the name of a variable .* but one is "B C"$/,
    ),
    "a.yaml:9:1: image is unknown; did you mean spec.image?",
    'a.yaml:9:1: apiVersion is missing; add the line "apiVersion: keruta/v1"',
    'a.yaml:9:1: kind is missing; add the line "kind: Task"',
    "a.yaml:10:7: spec must be a mapping of keys to values, but is a list",
  ]);
});

test.each([
  ["a key twice", `${head}priority: 1\npriority: 2\n`, "a.yaml:4:1: priority is given twice"],
  ["a list", "- a\n", "a.yaml:1:1: the task must be a mapping of keys to values, but is a list"],
  ["a scalar", "hello\n", 'a.yaml:1:1: the task must be a mapping of keys to values, but is "hello"'],
  [
    "nothing",
    "",
    "a.yaml:1:1: the file holds no task; a task begins with the lines apiVersion: keruta/v1 and kind: Task",
  ],
  ["only a comment", "# x\n---\n", "a.yaml:1:1: the file holds no task"],
  [
    "a tab",
    `${head}spec:\n\timage: x\n`,
    "a.yaml:4:1: cannot be read as YAML: Tabs are not allowed as indentation",
  ],
  [
    "an alias of nothing",
    `${head}title: *x\n`,
    "a.yaml:3:8: *x stands before its anchor &x, or there is none",
  ],
  ["a merge key", spec("  env: &e { A: b }\n  secretEnv: { <<: *e }\n"), 'but one is "<<"'],
  [
    "a type of its own",
    `${head}title: !!binary aGk=\n`,
    "a.yaml:3:17: title is binary or of a type of its own",
  ],
  ["an unknown tag", `${head}title: !x hi\n`, "Unresolved tag: !x"],
  [
    "permissions as YAML 1.1 had them",
    spec("  volumes: [{ name: a, mountPath: /a, secret: { secretName: a, defaultMode: 0440 } }]\n"),
    "spec.volumes[0].secret.defaultMode is 0440, which YAML 1.2 reads as decimal; write 0o440",
  ],
  ["an old YAML", `%YAML 1.1\n---\n${head}`, "asks for an old version of YAML"],
  ["NUL in a string", `${head}title: "a\\0b"\n`, "a.yaml:3:8: title holds a NUL character"],
  ["half a character", `${head}title: "\\ud800"\n`, "a.yaml:3:8: title holds half of a Unicode character"],
  ["the prototype", `${head}labels: { __proto__: x }\n`, "is no key"],
  [
    "Template",
    "apiVersion: keruta/v1\nkind: Template\n",
    'a.yaml:2:7: kind must be Task (Template and Schedule are reserved), but is "Template"',
  ],
  ["endless brackets", "[".repeat(100_000), "nested too deeply"],
])("%s is refused", (_, text, complaint) => {
  expect(complain(text)).toContainEqual(expect.stringContaining(complaint));
});

test.each([
  ["command with script", "  command: [a]\n  script: b\n", "spec.script stands instead of spec.command"],
  ["script without the agent", "  agent: none\n  script: b\n", "spec.script needs the agent"],
  ["restarts without the agent", "  agent: none\n  restartPolicy: OnFailure\n", "OnFailure needs the agent"],
  ["an empty program", '  command: [""]\n', "spec.command[0] is empty"],
  [
    "a variable twice",
    "  env: { A: b }\n  secretEnv: { A: { secret: s, key: k } }\n",
    "spec.secretEnv.A is in spec.env as well",
  ],
  [
    "a volume's name twice",
    "  volumes: [{ name: a, mountPath: /a, emptyDir: {} }, { name: a, mountPath: /b, emptyDir: {} }]\n",
    'spec.volumes[1].name is "a", which spec.volumes[0].name is already',
  ],
  [
    "a place twice",
    "  volumes: [{ name: a, mountPath: /a, emptyDir: {} }, { name: b, mountPath: //a/, emptyDir: {} }]\n",
    'spec.volumes[1].mountPath is "/a"',
  ],
  [
    "keruta's own place",
    "  volumes: [{ name: a, mountPath: /keruta/bin, emptyDir: {} }]\n",
    "is keruta's own",
  ],
  [
    "a claim of neither name nor size",
    "  volumes: [{ name: a, mountPath: /a, pvc: {} }]\n",
    "needs the claim of an existing volume, or a size",
  ],
  [
    "YAML's old octal",
    "  volumes: [{ name: a, mountPath: /a, secret: { secretName: s, defaultMode: 0644 } }]\n",
    "write 0o644 or 420",
  ],
  [
    "a password in a URL",
    "  repository: { url: 'https://me:pw@example.com/a.git' }\n",
    "name a Secret in spec.repository.secret",
  ],
  ["an option as a URL", "  repository: { url: --upload-pack=x }\n", "must be a URL or path that git clones"],
  ["a remote helper", "  repository: { url: 'ext::sh -c x' }\n", "must be a URL or path that git clones"],
  ["an option as a ref", "  repository: { url: a, ref: -x }\n", "spec.repository.ref must be"],
  [
    "a way out of the workspace",
    '  artifacts: { paths: ["a/../../b"] }\n',
    "spec.artifacts.paths[0] must be a path or pattern without ..",
  ],
  ["30 February", "  notBefore: 2026-02-30T00:00:00Z\n", "spec.notBefore must be a time with its zone"],
  ["no time at all", "  timeout: 0s\n", "spec.timeout must be a duration"],
  [
    "a request above its limit",
    "  resources: { requests: { cpu: 2 }, limits: { cpu: 1500m } }\n",
    "spec.resources.requests.cpu is 2, more than its limit 1500m",
  ],
  ["root under restricted", "  securityProfile: restricted\n  runAsUser: 0\n", "spec.runAsUser is 0 (root)"],
  [
    "a toleration of everything by value",
    "  tolerations: [{ operator: Equal, value: a }]\n",
    "without a key the operator must be Exists",
  ],
  ["an infinite number", "  restarts: .inf\n", "is no number that JSON can hold"],
])("%s is refused", (_, lines, complaint) => {
  expect(complain(spec(lines))).toContainEqual(expect.stringContaining(complaint));
});

test("an argument or variable may have what a process takes, and no byte more", () => {
  const task = (args: string[], env: Record<string, string>) => () =>
    validateTask({ apiVersion: "keruta/v1", kind: "Task", spec: { args, env } }, { name: "flags" });
  expect(task(["é".repeat(65_535)], { A: "a".repeat(131_069) })).not.toThrow();
  const { details } = errorOf(task(["é".repeat(65_536)], { A: "a".repeat(131_070) }));
  expect(details?.["complaints"]).toMatchObject([
    {
      file: "flags",
      line: null,
      path: "spec.args[0]",
      text: { en: expect.stringContaining("131,073 bytes") },
    },
    { file: "flags", line: null, path: "spec.env.A", text: { en: expect.stringContaining("131,073 bytes") } },
  ]);
});

test("a script may be longer than an argument, and a whole task 512 KiB", () => {
  const task = (length: number) => `${spec("")}  script: "${"x".repeat(length)}"\n`;
  const shell = JSON.stringify({ apiVersion: "keruta/v1", kind: "Task", spec: { script: "" } }).length;
  expect(parseTaskFile({ name, text: task(524_288 - shell) })).toHaveLength(1);
  const error = errorOf(() => parseTaskFile({ name, text: task(524_289 - shell) }), "KRT_TASK_TOO_LARGE");
  expect(error.text.en).toBe(
    "The task in a.yaml:1 is 524,289 bytes as JSON, and at most 524,288 are allowed.",
  );
});

test("aliases that multiply are stopped, and anchors are fine", () => {
  const bomb = `a: &a [x, x, x, x]\nb: &b [*a, *a, *a, *a]\nc: &c [*b, *b, *b, *b]\nd: &d [*c, *c, *c, *c]\ne: [*d, *d, *d, *d]\n`;
  expect(complain(bomb)).toContainEqual(expect.stringContaining("alias"));
  expect(() => parseTaskFile({ name, text: "a: &a [*a, *a]\n" })).toThrow("a.yaml:1");
  const text = spec("  env: { A: &x hi, B: *x }\n");
  expect(parseTaskFile({ name, text })[0]?.spec.env).toEqual({ A: "hi", B: "hi" });
});

test("a file full of keys is read in a moment", () => {
  const lines = Array.from({ length: 20_000 }, (_, index) => `    K${String(index)}: x\n`).join("");
  expect(
    Object.keys(parseTaskFile({ name, text: spec(`  env:\n${lines}`) })[0]?.spec.env ?? {}),
  ).toHaveLength(20_000);
});

const bytes = (...values: readonly (string | number)[]) =>
  Uint8Array.from(values.flatMap((value) => (typeof value === "number" ? [value] : [...Buffer.from(value)])));

test.each([
  ["NUL", bytes("ab", 0, "c"), "a.yaml: the file is no text: the byte at offset 2 is NUL"],
  ["a bad byte", bytes("あ", 0xff), "a.yaml: the file is no UTF-8: the byte at offset 3 is 0xff"],
  ["a cut character", bytes("a", 0xe3, 0x81), "a.yaml: the file is no UTF-8: the byte at offset 1 is 0xe3"],
  ["an over-long form", bytes(0xc0, 0x80), "a.yaml: the file is no UTF-8: the byte at offset 0 is 0xc0"],
  ["a surrogate", bytes("a", 0xed, 0xa0, 0x80), "a.yaml: the file is no UTF-8: the byte at offset 1 is 0xed"],
  [
    "half of UTF-16",
    bytes(0xff, 0xfe, 0x41),
    "a.yaml: the file is no text: it begins like UTF-16, and goes on otherwise",
  ],
])("%s in the bytes is named with its offset", (_, content, complaint) => {
  expect(complaintsOf({ name, bytes: content })).toEqual([complaint]);
});

test.each([
  ["UTF-8", Buffer.from(`${head}title: あ\n`)],
  ["UTF-8 with a mark", Buffer.from(`\uFEFF${head}title: あ\r\n`)],
  ["UTF-16", Buffer.from(`\uFEFF${head}title: あ\n`, "utf16le")],
])("%s is read", (_, content) => {
  expect(parseTaskFile({ name, bytes: content })[0]?.title).toBe("あ");
});

test.each([
  ['{"apiVersion": "keruta/v1",\n\t"kind": "Task",}', "a.json:2:17: cannot be read as JSON: "],
  ["{apiVersion: keruta/v1}", "a.json:1:2: cannot be read as JSON: "],
  [
    '{"apiVersion": "keruta/v1",\n',
    "a.json:2:1: cannot be read as JSON: Expected double-quoted property name",
  ],
  ['{"a": [1', "a.json:1:9: cannot be read as JSON: "],
  ['{"apiVersion": "keruta/v1",\n\t"kind": "Task", "kind": "Task"}', "a.json:2:18: kind is given twice"],
  [
    '{"apiVersion": "keruta/v1",\n\t"kind": "Task", "priority": "1"}',
    "a.json:2:30: priority must be a whole number",
  ],
])("JSON is read by JSON's rules: %j", (text, complaint) => {
  expect(complaintsOf({ name: "a.json", text })).toContainEqual(expect.stringContaining(complaint));
});

test("flags over a file: its own values keep their lines, the flags' have none", () => {
  const merge = (value: unknown) => ({ ...(value as object), spec: { timeout: "abc", image: "c d" } });
  const file = { name, text: spec("  timeout: abc\n  image: a b\n") };
  const complaints = errorOf(() => parseTaskFile(file, merge)).details?.["complaints"];
  expect(complaints).toMatchObject([
    { path: "spec.image", line: null },
    { path: "spec.timeout", line: 4, column: 12 },
  ]);
});

test("every complaint is in Japanese as well", () => {
  const { text, hint } = errorOf(() => parseTaskFile({ name, text: spec("  timeout: abc\n") }));
  expect(text.ja).toBe(
    'a.yaml はタスクとして正しくありません（誤り 1 件）。\n  a.yaml:4:12: spec.timeout に "abc" は指定できません。30m、1h30m、10s のような時間を指定してください',
  );
  expect(hint?.ja).toContain("keruta task schema");
});
