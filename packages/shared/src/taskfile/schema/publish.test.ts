import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isKerutaError } from "../../domain/error.ts";
import { validateTask } from "../validate.ts";
import { taskSchema } from "./publish.ts";

const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allErrors: true });
const isValidBySchema = ajv.compile(taskSchema());

function isValidByKeruta(value: unknown): boolean {
  try {
    validateTask(value, { name: "test" });
    return true;
  } catch (error) {
    if (isKerutaError(error, "KRT_TASK_INVALID")) return false;
    throw error;
  }
}

const name = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/);
const text = fc.string({ unit: "grapheme" }).filter((value) => !value.includes("\0") && value.isWellFormed());
const span = fc.constantFrom("1s", "30m", "1h30m", "500ms", "30d", "");
const amount = fc.constantFrom("500m", "1", "256Mi", "1.5", "1e3", 1, 0.5);
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 4 });
const some = <T extends object>(model: { [K in keyof T]: fc.Arbitrary<T[K]> }) =>
  fc.record(model, { requiredKeys: [] });

const source = fc.oneof(
  fc.record({
    pvc: some({ claim: name, accessMode: fc.constantFrom("ReadWriteOnce", "ReadWriteMany") }).map((pvc) => ({
      size: "1Gi",
      ...pvc,
    })),
  }),
  fc.record({ persistentVolumeClaim: fc.record({ claimName: name }) }),
  fc.record({
    emptyDir: some({ sizeLimit: fc.constantFrom("1Gi", 1024), medium: fc.constantFrom("", "Memory") }),
  }),
  fc.record({ secret: fc.record({ secretName: name, defaultMode: fc.nat(511) }) }),
  fc.record({ configMap: fc.record({ name, optional: fc.boolean() }) }),
  fc.record({ projected: fc.record({ sources: fc.constant([{ secret: { name: "a" } }]) }) }),
);
const volumes = fc
  .uniqueArray(fc.tuple(name, source, fc.boolean()), { selector: ([key]) => key, maxLength: 3 })
  .map((list) =>
    list.map(([key, one, readOnly]) => ({ name: key, mountPath: `/mnt/${key}`, readOnly, ...one })),
  );

const spec = some({
  image: optional(fc.constantFrom("a", "example/docs:1", "")),
  command: optional(
    fc.array(
      text.filter((value) => value !== ""),
      { maxLength: 3 },
    ),
  ),
  env: fc.dictionary(fc.constantFrom("A", "_b", "C-d.e"), text),
  secretEnv: fc.dictionary(fc.constantFrom("X", "Y"), fc.record({ secret: name, key: name })),
  repository: optional(
    some({
      url: fc.constantFrom("https://example.com/a.git", "git@h:a"),
      depth: fc.nat(9),
      clean: fc.boolean(),
    }),
  ),
  volumes,
  resources: some({ requests: fc.dictionary(fc.constantFrom("cpu", "memory"), amount) }),
  artifacts: optional(
    some({
      paths: fc.array(fc.constantFrom("out/**", "a..b", "*.txt")),
      maxBytes: fc.constantFrom("100Mi", 5),
      required: fc.boolean(),
    }),
  ),
  timeout: optional(span),
  pendingTimeout: span,
  retry: some({
    attempts: fc.integer({ min: 1, max: 100 }),
    on: fc.array(fc.constantFrom("infrastructure", "OOMKilled", 42)),
    backoff: span,
  }),
  restartPolicy: optional(fc.constantFrom("Never", "OnFailure")),
  runner: optional(fc.constantFrom("kubernetes", "local")),
  runAsUser: optional(fc.nat(65_535)),
  nodeSelector: fc.dictionary(fc.constantFrom("zone", "example.com/disk"), fc.constantFrom("ssd", "")),
  tolerations: fc.array(
    fc.constantFrom(
      { key: "a", operator: "Equal", value: "b" },
      { operator: "Exists", effect: "NoSchedule" },
    ),
  ),
  concurrency: some({
    key: fc.constantFrom("", "deploy", "日本"),
    limit: fc.integer({ min: 1, max: 9 }),
    onConflict: fc.constantFrom("wait", "replace", "refuse"),
  }),
  notBefore: optional(fc.constantFrom("2026-02-28T09:00:00+09:00", "2028-02-29T23:59:59.123Z", "")),
  hold: optional(fc.boolean()),
});
const task = fc.record(
  {
    apiVersion: fc.constant("keruta/v1"),
    kind: fc.constant("Task"),
    title: text,
    description: optional(text),
    priority: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    labels: fc.dictionary(fc.constantFrom("team", "example.com/x"), fc.constantFrom("docs", "")),
    spec,
  },
  { requiredKeys: ["apiVersion", "kind"] },
);

test("what is made by the schema's rules, schema and keruta both accept", () => {
  fc.assert(
    fc.property(task, (value) => {
      isValidBySchema(value);
      expect(isValidBySchema.errors).toBeNull();
      expect(isValidByKeruta(value)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test("a task that went through keruta goes through again and stays as it is", () => {
  fc.assert(
    fc.property(task, (value) => {
      const once = validateTask(value, { name: "test" });
      const again = validateTask({ apiVersion: "keruta/v1", kind: "Task", ...once }, { name: "test" });
      expect(again).toEqual(once);
    }),
    { numRuns: 200 },
  );
});

test("whatever the schema refuses, keruta refuses: any value in any place", () => {
  const paths = [...pathsOf(taskSchema())];
  const junk = fc.constantFrom<unknown>(
    null,
    "",
    "x y",
    "-",
    "/",
    "a/../b",
    0,
    -1,
    1.5,
    1e300,
    true,
    [],
    [1],
    ["a"],
    {},
    { a: 1 },
    { name: "x" },
    "30m",
    "1Gi",
  );
  fc.assert(
    fc.property(fc.constantFrom(...paths), junk, (path, value) => {
      const root: Record<string, unknown> = { apiVersion: "keruta/v1", kind: "Task" };
      let at = root;
      for (const key of path.slice(0, -1)) at = at[key] = {} as Record<string, unknown>;
      at[path.at(-1) ?? ""] = value;
      // The schema may accept what only keruta can see; never the other way round.
      expect(isValidBySchema(root) || !isValidByKeruta(root)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test.each<[string, unknown]>([
  ["no list", []],
  ["no apiVersion", { apiVersion: undefined }],
  ["a later apiVersion", { apiVersion: "keruta/v2" }],
  ["a reserved kind", { kind: "Schedule" }],
  ["an unknown key", { spce: {} }],
  ["a duration without a unit", { spec: { timeout: "30" } }],
  ["a variable of keruta's", { spec: { env: { KERUTA_X: "1" } } }],
  ["a number as a variable", { spec: { env: { A: 1 } } }],
  ["a variable without a value", { spec: { env: { A: null } } }],
  ["no source", { spec: { volumes: [{ name: "a", mountPath: "/a" }] } }],
  [
    "two sources",
    { spec: { volumes: [{ name: "a", mountPath: "/a", emptyDir: {}, secret: { secretName: "s" } }] } },
  ],
  ["a relative mount", { spec: { volumes: [{ name: "a", mountPath: "a", emptyDir: {} }] } }],
  ["no room", { spec: { concurrency: { limit: 0 } } }],
  ["a key of keruta's", { spec: { concurrency: { key: "pvc:a" } } }],
  ["an unknown retry word", { spec: { retry: { on: ["sometimes"] } } }],
  ["success as a reason to retry", { spec: { retry: { on: [0] } } }],
  ["a time without a zone", { spec: { notBefore: "2026-01-31T09:00:00" } }],
  ["an artifact above the workspace", { spec: { artifacts: { paths: ["out/../../x"] } } }],
  ["a bad quantity", { spec: { resources: { limits: { memory: "1 GB" } } } }],
  ["a bad label", { labels: { team: "-" } }],
  ["command and script", { spec: { command: ["a"], script: "b" } }],
  ["half a priority", { priority: 1.5 }],
])("schema and keruta both refuse %s", (_, change) => {
  const value = Array.isArray(change)
    ? change
    : { apiVersion: "keruta/v1", kind: "Task", ...(change as object) };
  expect(isValidBySchema(JSON.parse(JSON.stringify(value)))).toBe(false);
  expect(isValidByKeruta(value)).toBe(false);
});

function* pathsOf(
  schema: Readonly<Record<string, unknown>>,
  path: readonly string[] = [],
): Generator<readonly string[]> {
  const inner = (Array.isArray(schema["anyOf"]) ? schema["anyOf"][0] : schema) as Readonly<
    Record<string, unknown>
  >;
  for (const [key, value] of Object.entries(inner["properties"] ?? {})) {
    yield [...path, key];
    yield* pathsOf(value as Readonly<Record<string, unknown>>, [...path, key]);
  }
}
