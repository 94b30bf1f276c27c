import type { Language } from "@keruta/shared/domain";

const locales: Readonly<Record<Language, string>> = { en: "en-GB", ja: "ja-JP" };

/** Date and time of the reader's zone, to the second, in an order that nobody takes for another. */
export function showTime(iso: string, language: Language): string {
  const date = new Date(iso);
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(two);
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two);
  return `${day.join(language === "ja" ? "/" : "-")} ${time.join(":")}`;
}

/** The same with the zone's name and how far it is from UTC at that time. */
export function showTimeInZone(iso: string, language: Language): string {
  const minutes = -new Date(iso).getTimezoneOffset();
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60].map(two);
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return `${showTime(iso, language)} UTC${minutes < 0 ? "-" : "+"}${hours}:${rest} (${timeZone})`;
}

/** Time of day with milliseconds, as logs have it. */
export function showClock(iso: string): string {
  const date = new Date(iso);
  const milliseconds = String(date.getMilliseconds()).padStart(3, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${milliseconds}`;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

const steps = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
] as const;

/** `3 minutes ago` */
export function showAge(iso: string, now: number, language: Language): string {
  const seconds = Math.round((Date.parse(iso) - now) / 1000);
  const format = new Intl.RelativeTimeFormat(locales[language], { numeric: "auto" });
  const [unit, size] = steps.find(([, length]) => Math.abs(seconds) >= length) ?? ["second", 1];
  return format.format(Math.trunc(seconds / size), unit);
}

/** Whether it is of the reader's day. */
export function isToday(iso: string, now: number): boolean {
  return new Date(iso).toDateString() === new Date(now).toDateString();
}
