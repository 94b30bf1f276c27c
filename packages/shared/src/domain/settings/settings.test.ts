import { expect, expectTypeOf, test } from "vitest";
import { isKerutaError, type ErrorCode } from "../error.ts";
import { effectiveSettings } from "./effective.ts";
import { environmentNameOf, resolveSettingKey } from "./key.ts";
import { findSetting, settingKeys, settingTable } from "./table.ts";
import { formatSettingValue, parseSettingValue } from "./value.ts";

function errorOf(run: () => unknown, code: ErrorCode) {
  try {
    run();
  } catch (error) {
    if (isKerutaError(error, code)) return error;
    throw error;
  }
  throw new Error(`no ${code}`);
}

function parsed(key: string, text: string) {
  const definition = findSetting(key);
  if (!definition) throw new Error(key);
  return parseSettingValue(definition, text);
}

test("the first version's six settings have its defaults", () => {
  const defaults = Object.fromEntries(settingTable.map(({ key, default: text }) => [key, text]));
  expect(defaults).toMatchObject({
    "keruta.kubernetes.enabled": "true",
    "keruta.kubernetes.config-path": "",
    "keruta.kubernetes.in-cluster": "false",
    "keruta.kubernetes.default-namespace": "default",
    "keruta.kubernetes.default-image": "",
    "keruta.kubernetes.processor-namespace": "",
  });
});

test("every built-in value is a value of its setting, and its canonical text is read back", () => {
  for (const definition of settingTable) {
    const first = parseSettingValue(definition, definition.default);
    if (!first.valid) throw new Error(`${definition.key}: ${first.expects.en}`);
    expect(parseSettingValue(definition, formatSettingValue(definition, first.value))).toEqual(first);
  }
});

test("keys and their variables are unique, and every key resolves to itself", () => {
  expect(new Set(settingKeys).size).toBe(settingKeys.length);
  expect(new Set(settingKeys.map(environmentNameOf)).size).toBe(settingKeys.length);
  for (const key of settingKeys) expect(resolveSettingKey(key)).toBe(key);
});

test("a unique end of a key stands for it", () => {
  expect(resolveSettingKey("default-image")).toBe("keruta.kubernetes.default-image");
  expect(resolveSettingKey("grace.image")).toBe("keruta.kubernetes.grace.image");
});

test("an end of several keys is refused with all of them", () => {
  expect(errorOf(() => resolveSettingKey("retention"), "KRT_SETTING_AMBIGUOUS").details).toEqual({
    key: "retention",
    candidates: [
      "keruta.logs.retention",
      "keruta.logs.archive.retention",
      "keruta.artifacts.retention",
      "keruta.tasks.retention",
    ],
  });
});

test.each([
  ["keruta.kubernetes.defaultImage", "keruta.kubernetes.default-image"],
  ["default-imgae", "keruta.kubernetes.default-image"],
  ["agent.timout", "keruta.agent.timeout"],
])("%s is unknown, and %s is suggested", (text, suggestion) => {
  expect(errorOf(() => resolveSettingKey(text), "KRT_SETTING_UNKNOWN").hint?.en).toContain(suggestion);
});

test.each(["", "zzzz", "__proto__", "toString"])(
  "%j is unknown, and the way to the list is shown",
  (text) => {
    expect(errorOf(() => resolveSettingKey(text), "KRT_SETTING_UNKNOWN").hint?.en).toContain("settings list");
  },
);

test.each([
  ["keruta.kubernetes.enabled", "OFF", false],
  ["keruta.retry.attempts", "7", 7],
  ["keruta.agent.timeout", "1h30m", 5_400_000],
  ["keruta.artifacts.max-bytes", "1.5Gi", 1_610_612_736],
  ["keruta.artifacts.transport", "api", "api"],
  ["keruta.retry.on", "infrastructure, OOMKilled, 42", ["infrastructure", "OOMKilled", "42"]],
  ["keruta.job.default-command", '["sh", "-c", "a, b"]', ["sh", "-c", "a, b"]],
  ["keruta.job.default-command", "", []],
  ["keruta.git.secret", "git-token", "git-token"],
  ["keruta.git.url", "git@example.com:a/b.git", "git@example.com:a/b.git"],
])("%s takes %j", (key, text, value) => {
  expect(parsed(key, text)).toEqual({ valid: true, value });
});

test.each([
  ["keruta.kubernetes.enabled", "maybe"],
  ["keruta.kubernetes.enabled", ""],
  ["keruta.retry.attempts", "0"],
  ["keruta.retry.attempts", "1.5"],
  ["keruta.retry.attempts", "0x3"],
  ["keruta.agent.timeout", "30"],
  ["keruta.agent.timeout", "0s"],
  ["keruta.artifacts.max-bytes", "10 MB"],
  ["keruta.artifacts.transport", "ftp"],
  ["keruta.retry.on", "sometimes"],
  ["keruta.retry.on", "0"],
  ["keruta.job.default-command", "[1]"],
  ["keruta.job.ttl", "60s"],
  ["keruta.kubernetes.default-namespace", "Not_A_Name"],
  ["keruta.git.path", "workspace"],
  ["keruta.kubernetes.default-image", "a\0b"],
])("%s refuses %j", (key, text) => {
  expect(parsed(key, text).valid).toBe(false);
});

test.each([
  ["keruta.git.secret", "ghp_Abc123/secret="],
  ["keruta.git.url", "https://me:secret@example.com/a.git"],
  ["keruta.git.url", "https://token@example.com/a.git"],
  ["keruta.agent.api-url", "https://me:secret@example.com"],
])("no secret gets into %s by %s", (key, text) => {
  expect(parsed(key, text).valid).toBe(false);
});

test("flag beats environment beats database beats kubeconfig beats built in", () => {
  const key = "keruta.kubernetes.default-namespace";
  const layers = {
    kubeconfig: { kubeconfig: { [key]: "from-kubeconfig" } },
    database: { database: { [key]: "from-database" } },
    environment: { environment: { KERUTA_KUBERNETES_DEFAULT_NAMESPACE: "from-environment" } },
    flag: { flags: { [key]: "from-flag" } },
  };
  let sources = {};
  expect(effectiveSettings(sources).describe(key)).toEqual({ key, text: "default", origin: "default" });
  for (const [origin, layer] of Object.entries(layers)) {
    sources = { ...sources, ...layer };
    const settings = effectiveSettings(sources);
    expect(settings.describe(key)).toEqual({ key, text: `from-${origin}`, origin });
    expect(settings.get(key)).toBe(`from-${origin}`);
  }
});

test("an empty variable counts as absent", () => {
  expect(effectiveSettings({ environment: { KERUTA_AGENT_TIMEOUT: "" } }).get("keruta.agent.timeout")).toBe(
    21_600_000,
  );
});

test("a wrong text harms only who asks for its setting, and the message names where it is", () => {
  const settings = effectiveSettings({ environment: { KERUTA_RETRY_ATTEMPTS: "many" } });
  expect(settings.list()).toHaveLength(settingTable.length);
  expect(settings.get("keruta.retry.backoff")).toBe(10_000);
  const { text } = errorOf(() => settings.get("keruta.retry.attempts"), "KRT_SETTING_INVALID");
  expect(text.en).toBe(
    'The setting keruta.retry.attempts (from KERUTA_RETRY_ATTEMPTS) must be a whole number, from 1 to 100, but is "many".',
  );
});

test("values have the type of their setting", () => {
  const settings = effectiveSettings({});
  expectTypeOf(settings.get("keruta.agent.timeout")).toEqualTypeOf<number>();
  expectTypeOf(settings.get("keruta.kubernetes.enabled")).toEqualTypeOf<boolean>();
  expectTypeOf(settings.get("keruta.artifacts.transport")).toEqualTypeOf<"exec" | "api">();
  expectTypeOf(settings.get("keruta.retry.on")).toEqualTypeOf<readonly string[]>();
  expect(settings.get("keruta.retry.on")).toEqual(["infrastructure"]);
});
