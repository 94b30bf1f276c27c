import { KerutaError } from "@keruta/shared/domain";

export interface Login {
  readonly username: string;
  readonly password: string;
}

/** Where a repository comes from. `url` is free of credentials: the only form that may reach argv, files or logs. */
export interface Source {
  readonly url: string;
  readonly transport: "http" | "ssh" | "local";
  /** `https://host:port` as git names it when it asks for a password; null where it never asks. */
  readonly origin: string | null;
  /** What stood before the host's `@`. */
  readonly login: Login | null;
  /** Equal for two spellings of the same URL. */
  readonly identity: string;
}

const host = String.raw`(?:[A-Za-z0-9_][A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\])`;
const httpUrl = new RegExp(String.raw`^(https?)://(?:([^/?#]*)@)?(${host}(?::\d{1,5})?)(/.*)?$`, "i");
const sshUrl = new RegExp(String.raw`^ssh://(?:([^/@]*)@)?(${host}(?::\d{1,5})?)(/.+)$`, "i");
const scpPath = new RegExp(String.raw`^(?:([A-Za-z0-9_][A-Za-z0-9._-]*)@)?(${host}):(?![/]{2}|:|-)(.+)$`);
const fileUrl = /^file:\/\/(\/.*)$/i;

/** Longer URLs are cut or refused by common servers. */
const maxUrlLength = 2048;

/** @throws KerutaError KRT_TASK_INVALID for anything but http(s), ssh and local repositories. */
export function parseSource(text: string, rules: { readonly allowLocal: boolean }): Source {
  if (text === "") throw refused(text, { en: "is empty", ja: "空です" });
  if (text.length > maxUrlLength) {
    throw refused(`${text.slice(0, 40)}…`, {
      en: `is longer than ${String(maxUrlLength)} characters`,
      ja: `${String(maxUrlLength)} 文字を超えています`,
    });
  }
  if (text.startsWith("-")) {
    throw refused(text, {
      en: "begins with `-`, as an option does",
      ja: "オプションのように `-` で始まっています",
    });
  }
  // oxlint-disable-next-line no-control-regex -- these are what must not pass
  if (/[\u0000-\u0020\u007f]/.test(text) && !text.startsWith("/")) {
    throw refused(text, {
      en: "contains a space or control character",
      ja: "空白または制御文字を含んでいます",
    });
  }
  // oxlint-disable-next-line no-control-regex -- as above
  if (/[\u0000-\u001f\u007f]/.test(text)) {
    throw refused(text, { en: "contains a control character", ja: "制御文字を含んでいます" });
  }
  const source = readHttp(text) ?? readSsh(text) ?? readLocal(text);
  if (source === undefined) {
    throw refused(text, {
      en: "uses a transport that keruta does not run",
      ja: "対応していない転送方式です",
    });
  }
  if (source.transport === "local" && !rules.allowLocal) {
    throw refused(text, {
      en: "is a local path, and local paths are not allowed here",
      ja: "ローカルパスですが、ここでは許可されていません",
    });
  }
  return source;
}

function readHttp(text: string): Source | undefined {
  const match = httpUrl.exec(text);
  // URL libraries read a backslash as a slash and git does not: they would disagree about the host.
  if (match === null || text.includes("\\")) return undefined;
  const [, protocol = "", userinfo, authority = "", path = "/"] = match;
  const scheme = protocol.toLowerCase();
  const canonicalHost = new URL(`${scheme}://${authority}`).host;
  return {
    url: `${scheme}://${authority}${path}`,
    transport: "http",
    origin: `${scheme}://${authority}`,
    login: readLogin(userinfo),
    identity: `${scheme}://${canonicalHost}${path.replace(/\/+$/, "")}`,
  };
}

function readLogin(userinfo: string | undefined): Login | null {
  if (userinfo === undefined || userinfo === "") return null;
  const [username = "", ...rest] = userinfo.split(":");
  return { username: percentDecoded(username), password: percentDecoded(rest.join(":")) };
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

function readSsh(text: string): Source | undefined {
  const url = sshUrl.exec(text);
  const [, user = "", authority = "", path = ""] = url ?? scpPath.exec(text) ?? [];
  if (authority === "") return undefined;
  if (user.includes(":")) {
    throw refused(`ssh://${authority}${path}`, {
      en: "has a password in it, which ssh cannot use",
      ja: "パスワードを含んでいますが、ssh では使えません",
    });
  }
  if (user !== "" && !/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(user)) return undefined;
  const prefix = user === "" ? "" : `${user}@`;
  const rebuilt = url === null ? `${prefix}${authority}:${path}` : `ssh://${prefix}${authority}${path}`;
  return {
    url: rebuilt,
    transport: "ssh",
    origin: null,
    login: null,
    identity: rebuilt.replace(authority, authority.toLowerCase()).replace(/\/+$/, ""),
  };
}

function readLocal(text: string): Source | undefined {
  const path = fileUrl.exec(text)?.[1] ?? (text.startsWith("/") ? text : undefined);
  if (path === undefined) return undefined;
  const url = text.startsWith("/") ? text : `file://${path}`;
  return { url, transport: "local", origin: null, login: null, identity: url.replace(/(?<=.)\/+$/, "") };
}

function refused(url: string, why: { readonly en: string; readonly ja: string }): KerutaError {
  const shown = JSON.stringify(withoutLogin(url));
  return new KerutaError(
    "KRT_TASK_INVALID",
    { en: `The repository URL ${shown} ${why.en}.`, ja: `リポジトリ URL ${shown} は${why.ja}。` },
    {
      hint: {
        en: "Use https://, ssh://, git@host:path, file:// or an absolute path.",
        ja: "https://、ssh://、git@host:path、file:// または絶対パスを指定してください。",
      },
    },
  );
}

/** For words to people about a URL that could not be read: drops whatever stands before an `@`. */
function withoutLogin(url: string): string {
  return url.replace(/^([A-Za-z0-9+.-]*:\/\/)[^/]*@/, "$1").replace(/^[^/]*:[^/]*@/, "");
}
