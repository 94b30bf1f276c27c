import { parseArchiveLocation } from "../archive-location.ts";
import { categories } from "../attempt/reason.ts";
import { isRetryWord } from "../attempt/retry-word.ts";
import { dnsLabelPattern, objectNamePattern } from "../label.ts";
import { isAbsolutePath } from "../path.ts";
import { isAllowedHost } from "../notify/allowed-host.ts";
import { isMailAddress } from "../notify/channel.ts";
import { parseNotifyRules } from "../notify/rules.ts";
import { parseQuantity } from "../quantity.ts";
import type { Text } from "../text.ts";
import { hasPassword } from "../url.ts";

const settingFormats = [
  "namespace",
  "objectName",
  "httpUrl",
  "repositoryUrl",
  "absolutePath",
  "archiveLocation",
  "retryWords",
  "quantity",
  "notifyRules",
  "mailAddress",
  "hostName",
  "allowedHosts",
  "linkTemplate",
] as const;
export type SettingFormat = (typeof settingFormats)[number];

/** Of a list: every word must pass. */
export interface FormatRule {
  readonly test: (text: string) => boolean;
  /** Of a text that is wrong: what is wrong with it may be said too. */
  readonly expects: Text | ((text: string) => Text);
}

const namespace = new RegExp(`^${dnsLabelPattern}$`);
const objectName = new RegExp(`^${objectNamePattern}$`);

/** What a string setting must look like where it is not empty. */
export const formatRules: Readonly<Record<SettingFormat, FormatRule>> = {
  namespace: {
    test: (text) => namespace.test(text),
    expects: {
      en: "the name of a namespace (small letters, digits and hyphens, at most 63)",
      ja: "ネームスペース名（英小文字・数字・ハイフン、63 文字以内）",
    },
  },
  objectName: {
    test: (text) => objectName.test(text),
    expects: {
      en: "the name of a Secret (small letters, digits, hyphens and dots), never the secret itself",
      ja: "Secret の名前（英小文字・数字・ハイフン・ピリオド。秘密の値そのものは書けません）",
    },
  },
  httpUrl: {
    test: (text) => /^https?:\/\/[^\s/]\S*$/.test(text) && !hasPassword(text),
    expects: {
      en: "an http:// or https:// URL without a user or password",
      ja: "ユーザー名やパスワードを含まない http:// または https:// の URL",
    },
  },
  repositoryUrl: {
    test: (text) => !text.startsWith("-") && !/\s/.test(text) && !hasPassword(text),
    expects: {
      en: "the URL of a Git repository without a password (put it into the Secret of keruta.git.secret)",
      ja: "パスワードを含まない Git リポジトリの URL（認証情報は keruta.git.secret の Secret に置きます）",
    },
  },
  absolutePath: {
    test: isAbsolutePath,
    expects: { en: "an absolute path without ..", ja: ".. を含まない絶対パス" },
  },
  archiveLocation: {
    test: (text) => parseArchiveLocation(text) !== undefined,
    expects: {
      en: "an absolute path or s3://bucket/prefix, with ?endpoint=URL and &region=NAME where needed, without a credential",
      ja: "絶対パス、または s3://バケット/接頭辞（必要なら ?endpoint=URL や &region=名前 を付ける。認証情報は含めない）",
    },
  },
  quantity: {
    test: (text) => parseQuantity(text) !== undefined,
    expects: { en: "a quantity such as 500m, 4 or 8Gi", ja: "500m・4・8Gi のような数量" },
  },
  notifyRules: {
    test: (text) => parseNotifyRules(text).valid,
    expects: (text) => {
      const parsed = parseNotifyRules(text);
      return parsed.valid ? { en: "rules", ja: "ルール" } : parsed.complaint;
    },
  },
  mailAddress: {
    test: isMailAddress,
    expects: {
      en: "plain addresses such as ops@example.com, without names or angle brackets",
      ja: "ops@example.com のような、名前や山括弧を含まないメールアドレス",
    },
  },
  hostName: {
    test: (text) => /^[\p{L}\p{N}]([\p{L}\p{N}.-]*[\p{L}\p{N}])?$|^[0-9a-f:.]+$/iu.test(text),
    expects: {
      en: "the name or address of a host, without a scheme or port",
      ja: "ホスト名またはアドレス（スキームやポートは含めません）",
    },
  },
  allowedHosts: {
    test: isAllowedHost,
    expects: {
      en: "host names, *.example.com for all below one, addresses, or ranges such as 10.20.0.0/16",
      ja: "ホスト名、*.example.com（その下すべて）、アドレス、10.20.0.0/16 のような範囲",
    },
  },
  linkTemplate: {
    test: (text) =>
      /^https?:\/\/[^\s/<>|"]+[^\s<>|"]*$/.test(text) && text.includes("{id}") && !hasPassword(text),
    expects: {
      en: "an http:// or https:// URL with {id} where the task's id goes",
      ja: "タスク ID の位置に {id} を含む http:// または https:// の URL",
    },
  },
  retryWords: {
    test: isRetryWord,
    expects: {
      en: `categories (${categories.join(", ")}), reasons such as OOMKilled, or exit codes from 1 to 255`,
      ja: `分類（${categories.join("、")}）、OOMKilled などの理由、または 1～255 の終了コード`,
    },
  },
};
