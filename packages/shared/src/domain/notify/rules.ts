import { reasons, type Reason } from "../attempt/reason.ts";
import { isKerutaError } from "../error.ts";
import { nearestWords } from "../nearest.ts";
import { parseLabelSelector, type LabelRequirement } from "../selector.ts";
import { showText } from "../show.ts";
import type { Text } from "../text.ts";
import { parseChannel, type ChannelName } from "./channel.ts";
import type { NoticeLevel } from "./notice.ts";

/** One rule: what is told, of which tasks, to whom. */
export interface NotifyRule {
  /** The least level of log records; null: none. */
  readonly log: NoticeLevel | null;
  /** Failed tasks with one of these reasons; null: none. */
  readonly failed: "any" | readonly Reason[] | null;
  readonly deadline: boolean;
  /** Labels of the tasks; empty: every task. */
  readonly of: readonly LabelRequirement[];
  /** `all`: each channel that is set up. */
  readonly to: "all" | readonly ChannelName[];
}

export type ParsedRules =
  | { readonly valid: true; readonly rules: readonly NotifyRule[] }
  | { readonly valid: false; readonly complaint: Text };

/**
 * Reads `EVENT, … [of SELECTOR] to CHANNEL, …`, with `;` or a new line between rules. Events are `error`, `warn`,
 * `failed`, `failed(REASON, …)` and `deadline`; no text means no rules.
 */
export function parseNotifyRules(text: string): ParsedRules {
  const rules: NotifyRule[] = [];
  for (const part of text.split(/[;\n]/)) {
    if (part.trim() === "") continue;
    const rule = parseRule(part.trim());
    if ("en" in rule) return { valid: false, complaint: rule };
    rules.push(rule);
  }
  return { valid: true, rules };
}

function parseRule(text: string): NotifyRule | Text {
  // The last " to ": no channel has one in its name, a selector might.
  const [, events, selector, channels] = /^(.+?)(?:\s+of\s+(.+))?\s+to\s+(\S.*)$/s.exec(text) ?? [];
  if (events === undefined || channels === undefined) return noSentence(text);
  const what = parseEvents(events);
  if ("en" in what) return what;
  const to = parseChannels(channels);
  if (typeof to === "object" && "en" in to) return to;
  const of = parseSelector(selector ?? "");
  return "en" in of ? of : { ...what, of, to };
}

function parseEvents(text: string): Pick<NotifyRule, "log" | "failed" | "deadline"> | Text {
  let [log, failed, deadline]: [NoticeLevel | null, NotifyRule["failed"], boolean] = [null, null, false];
  // A comma inside parentheses separates reasons.
  for (const part of text.split(/,(?![^(]*\))/)) {
    const [, word, list] = /^\s*([a-z]+)\s*(?:\(([^()]*)\))?\s*$/i.exec(part) ?? [];
    if (list !== undefined && word !== "failed") return noEvent(part);
    switch (word) {
      case "error":
        log ??= "ERROR";
        break;
      case "warn":
        log = "WARN";
        break;
      case "deadline":
        deadline = true;
        break;
      case "failed": {
        const found = list === undefined ? "any" : parseReasons(list);
        if (typeof found === "object" && "en" in found) return found;
        failed = found === "any" || failed === "any" ? "any" : [...(failed ?? []), ...found];
        break;
      }
      case undefined:
      default:
        return noEvent(part);
    }
  }
  return { log, failed, deadline };
}

function parseReasons(list: string): readonly Reason[] | Text {
  const found: Reason[] = [];
  for (const word of list.split(",").map((one) => one.trim())) {
    const reason = reasons.find((one) => one === word);
    if (reason === undefined) return noReason(word);
    found.push(reason);
  }
  return found;
}

function parseChannels(text: string): NotifyRule["to"] | Text {
  const names = text.split(/[\s,]+/).filter((name) => name !== "");
  if (names.includes("all"))
    return names.length === 1 ? "all" : noChannel(names.find((one) => one !== "all") ?? "");
  const wrong = names.find((name) => !parseChannel(name));
  return wrong === undefined ? names : noChannel(wrong);
}

function parseSelector(text: string): readonly LabelRequirement[] | Text {
  try {
    return parseLabelSelector(text);
  } catch (error) {
    if (!isKerutaError(error)) throw error;
    return {
      en: `rules whose labels after "of" can be read (${error.text.en.replace(/\.$/, "")})`,
      ja: `of の後のラベルを解釈できるルール（${error.text.ja.replace(/。$/, "")}）`,
    };
  }
}

function noSentence(text: string): Text {
  return {
    en: `rules such as "error, failed to email; deadline of team=docs to slack" (${showText(text)} has no "to CHANNEL")`,
    ja: `"error, failed to email; deadline of team=docs to slack" のようなルール（${showText(text)} に "to 通知先" がありません）`,
  };
}

function noEvent(part: string): Text {
  const word = part.trim();
  const events = "error, warn, failed, failed(REASON, …), deadline";
  return {
    en: `rules whose events are ${events} (${showText(word)} is none)`,
    ja: `イベントが ${events} のいずれかであるルール（${showText(word)} は該当しません）`,
  };
}

function noReason(word: string): Text {
  const near = nearestWords(word, reasons);
  return {
    en: `rules whose reasons are those of \`keruta explain\` (${showText(word)} is none${near.length > 0 ? `; did you mean ${near.join(" or ")}?` : ""})`,
    ja: `理由が \`keruta explain\` のいずれかであるルール（${showText(word)} は該当しません${near.length > 0 ? `。${near.join(" または ")} ではありませんか` : ""}）`,
  };
}

function noChannel(name: string): Text {
  const channels = "email, email:ADDRESS, slack, slack:NAME, webhook";
  return {
    en: `rules that go to ${channels}, or to all alone (${showText(name)} is none of them)`,
    ja: `通知先が ${channels}、または all だけであるルール（${showText(name)} は該当しません）`,
  };
}
