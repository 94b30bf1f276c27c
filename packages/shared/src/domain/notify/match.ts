import { matchesLabels } from "../selector.ts";
import type { ChannelName } from "./channel.ts";
import type { Notice, NoticeLevel, NoticeWatch } from "./notice.ts";
import type { NotifyRule } from "./rules.ts";

/** What one channel is told of a task. */
export interface Addressed {
  readonly channel: ChannelName;
  readonly notices: readonly Notice[];
  /** The least level of the log records that it is told of; null: none. */
  readonly level: NoticeLevel | null;
}

/** Who is told what. A channel that several rules name is told once of what any of them asks for. */
export function addressNotices(
  rules: readonly NotifyRule[],
  configured: readonly ChannelName[],
  labels: Readonly<Record<string, string>>,
  notices: readonly Notice[],
): readonly Addressed[] {
  const matching = rules.filter(({ of }) => matchesLabels(of, labels));
  const channels = new Set(matching.flatMap(({ to }) => (to === "all" ? configured : to)));
  return [...channels].flatMap((channel) => {
    const own = matching.filter(({ to }) =>
      to === "all" ? configured.includes(channel) : to.includes(channel),
    );
    const level = leastLevel(own);
    const told = notices.filter((notice) => isAsked(own, level, notice));
    return told.length === 0 ? [] : [{ channel, notices: told, level }];
  });
}

/** What has to be noted so that the rules can be kept; nothing where nobody would be told. */
export function watchOf(rules: readonly NotifyRule[], configured: readonly ChannelName[]): NoticeWatch {
  const heard = rules.filter(({ to }) => to !== "all" || configured.length > 0);
  return {
    log: leastLevel(heard),
    failed: heard.some(({ failed }) => failed !== null),
    deadline: heard.some(({ deadline }) => deadline),
  };
}

function leastLevel(rules: readonly NotifyRule[]): NoticeLevel | null {
  const levels = rules.map(({ log }) => log);
  if (levels.includes("WARN")) return "WARN";
  return levels.includes("ERROR") ? "ERROR" : null;
}

function isAsked(rules: readonly NotifyRule[], level: NoticeLevel | null, notice: Notice): boolean {
  switch (notice.kind) {
    case "log":
      return level !== null && notice.errors + (level === "WARN" ? notice.warnings : 0) > 0;
    case "failed":
      return rules.some(({ failed }) => failed === "any" || (failed?.includes(notice.reason) ?? false));
    case "deadline":
      return rules.some(({ deadline }) => deadline);
  }
}
