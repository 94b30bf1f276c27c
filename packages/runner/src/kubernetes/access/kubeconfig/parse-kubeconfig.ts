import { dirname, isAbsolute, join } from "node:path";
import { parse } from "yaml";
import { invalidKubeconfig } from "./invalid-kubeconfig.ts";
import type {
  ClusterEntry,
  ContextEntry,
  ExecEntry,
  FileOrData,
  Kubeconfig,
  UserEntry,
} from "./kubeconfig.ts";

/** Throws KRT_KUBECONFIG_INVALID. Unknown keys are left alone: other programs keep theirs in the same file. */
export function parseKubeconfig(text: string, path: string): Kubeconfig {
  const root = createReader(path, parseYaml(text, path), "");
  return {
    currentContext: root.text("current-context"),
    contexts: root.named("contexts", "context", readContext),
    clusters: root.named("clusters", "cluster", readCluster),
    users: root.named("users", "user", readUser),
  };
}

function parseYaml(text: string, path: string): unknown {
  try {
    return parse(text) as unknown;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // Only the first line: the others quote the file, which has secrets.
    const [first = ""] = error.message.split("\n");
    throw invalidKubeconfig(path, { en: first.replace(/:$/, ""), ja: first.replace(/:$/, "") });
  }
}

function readContext(entry: Reader): ContextEntry {
  return {
    cluster: entry.text("cluster") ?? "",
    user: entry.text("user"),
    namespace: entry.text("namespace"),
  };
}

function readCluster(entry: Reader): ClusterEntry {
  return {
    server: entry.text("server") ?? "",
    authority: entry.fileOrData("certificate-authority"),
    insecure: entry.flag("insecure-skip-tls-verify"),
    serverName: entry.text("tls-server-name"),
    proxyUrl: entry.text("proxy-url"),
  };
}

function readUser(entry: Reader): UserEntry {
  const provider = entry.inner("auth-provider");
  const exec = entry.inner("exec");
  return {
    certificate: entry.fileOrData("client-certificate"),
    key: entry.fileOrData("client-key"),
    token: entry.text("token"),
    tokenFile: entry.path("tokenFile"),
    username: entry.text("username"),
    password: entry.text("password"),
    impersonate: entry.text("as"),
    exec: exec && readExec(exec),
    authProvider: provider && { name: provider.text("name") ?? "", config: provider.record("config") },
  };
}

function readExec(entry: Reader): ExecEntry {
  const command = entry.text("command") ?? "";
  return {
    apiVersion: entry.text("apiVersion") ?? "",
    // A bare name is looked up in PATH, anything with a slash lies beside the kubeconfig.
    command: command.includes("/") ? (entry.path("command") ?? "") : command,
    args: entry.list("args").map(String),
    env: Object.fromEntries(
      entry.entries("env").map((one) => [one.text("name") ?? "", one.text("value") ?? ""]),
    ),
    installHint: entry.text("installHint"),
    provideClusterInfo: entry.flag("provideClusterInfo"),
    interactiveMode: entry.text("interactiveMode"),
  };
}

interface Reader {
  text(key: string): string | undefined;
  flag(key: string): boolean;
  path(key: string): string | undefined;
  fileOrData(key: string): FileOrData | undefined;
  list(key: string): readonly unknown[];
  record(key: string): Readonly<Record<string, unknown>>;
  inner(key: string): Reader | undefined;
  entries(key: string): readonly Reader[];
  named<T>(key: string, inner: string, read: (entry: Reader) => T): ReadonlyMap<string, T>;
}

/** Reads one mapping; each complaint names the key by its whole path, never its value. */
function createReader(file: string, value: unknown, at: string): Reader {
  const mapping = value ?? {};
  if (!isRecord(mapping)) throw wrong(at || "the file", "a mapping", "マッピング");

  function wrong(key: string, en: string, ja: string) {
    return invalidKubeconfig(file, { en: `${key} is not ${en}`, ja: `${key} が${ja}ではありません` });
  }
  const get = (key: string) => mapping[key] ?? undefined;
  const place = (key: string) => (at === "" ? key : `${at}.${key}`);
  const absolute = (path: string) => (isAbsolute(path) ? path : join(dirname(file), path));

  const reader: Reader = {
    text(key) {
      const found = get(key);
      if (found === undefined || found === "") return undefined;
      if (typeof found === "string") return found;
      // An unquoted token of digits, or a name such as `1`.
      if (typeof found === "number") return String(found);
      throw wrong(place(key), "text", "文字列");
    },
    flag: (key) => get(key) === true,
    path: (key) => {
      const text = reader.text(key);
      return text === undefined ? undefined : absolute(text);
    },
    fileOrData(key) {
      const base64 = reader.text(`${key}-data`);
      if (base64 !== undefined) return { base64 };
      const path = reader.path(key);
      return path === undefined ? undefined : { path };
    },
    list(key) {
      const found = get(key) ?? [];
      if (!Array.isArray(found)) throw wrong(place(key), "a list", "リスト");
      return found as unknown[];
    },
    record(key) {
      const found = get(key) ?? {};
      if (!isRecord(found)) throw wrong(place(key), "a mapping", "マッピング");
      return found;
    },
    inner: (key) => (get(key) === undefined ? undefined : createReader(file, get(key), place(key))),
    entries: (key) =>
      reader.list(key).map((entry, index) => createReader(file, entry, `${place(key)}[${String(index)}]`)),
    named(key, inner, read) {
      const found = new Map<string, ReturnType<typeof read>>();
      for (const entry of reader.entries(key)) {
        const name = entry.text("name");
        if (name === undefined || found.has(name)) continue;
        found.set(name, read(entry.inner(inner) ?? createReader(file, {}, inner)));
      }
      return found;
    },
  };
  return reader;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
