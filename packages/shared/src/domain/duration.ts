const units = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
  ["ms", 1],
] as const;

/** Ten years: what lies beyond is a slip of the pen, and would not fit into a timer or a date. */
export const maxDurationMilliseconds = 3650 * 86_400_000;

/** `1h30m`, `500ms`: whole numbers with units from large to small, each at most once. Without anchors. */
export const durationPattern = "(?=[0-9])(?:[0-9]+d)?(?:[0-9]+h)?(?:[0-9]+m(?!s))?(?:[0-9]+s)?(?:[0-9]+ms)?";

const whole = new RegExp(`^${durationPattern}$`);
const part = /([0-9]+)(d|h|ms|m|s)/g;

/** Milliseconds, or undefined where the text is no duration or one of more than ten years. */
export function parseDuration(text: string): number | undefined {
  if (!whole.test(text)) return undefined;
  let sum = 0;
  for (const [, digits = "", unit] of text.matchAll(part)) {
    const factor = units.find(([name]) => name === unit)?.[1] ?? 0;
    sum += Number(digits) * factor;
  }
  return sum <= maxDurationMilliseconds ? sum : undefined;
}

/** The canonical text of whole milliseconds: `90000` is `1m30s`, `0` is `0s`. */
export function formatDuration(milliseconds: number): string {
  let rest = Math.max(0, Math.round(milliseconds));
  let text = "";
  for (const [unit, factor] of units) {
    const count = Math.floor(rest / factor);
    if (count > 0) text += `${String(count)}${unit}`;
    rest -= count * factor;
  }
  return text === "" ? "0s" : text;
}

/** For people, who need no more than two units: `6h 3m`, `1.4s`, `220ms`. */
export function describeDuration(milliseconds: number): string {
  const rounded = Math.max(0, Math.round(milliseconds));
  if (rounded >= 1000 && rounded < 9950) {
    return `${(rounded / 1000).toFixed(1).replace(/\.0$/, "")}s`;
  }
  const seconds = rounded < 1000 ? rounded : Math.round(rounded / 1000) * 1000;
  const parts = formatDuration(seconds).match(/[0-9]+[a-z]+/g) ?? [];
  return parts.slice(0, 2).join(" ");
}
