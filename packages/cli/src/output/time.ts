import type { Language } from "@keruta/shared/domain";

const units = [
  { name: "d", ja: "日", seconds: 86_400 },
  { name: "h", ja: "時間", seconds: 3_600 },
  { name: "m", ja: "分", seconds: 60 },
  { name: "s", ja: "秒", seconds: 1 },
] as const;

/** `3m`, `2h`, `5d`: the largest unit that fits, as tables show ages. */
export function age(from: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(from)) / 1000));
  const unit = units.find((candidate) => seconds >= candidate.seconds) ?? units[3];
  return `${String(Math.floor(seconds / unit.seconds))}${unit.name}`;
}

/** `2026-03-01T10:00:00.000Z (3m ago)` */
export function moment(time: string, now: number, language: Language): string {
  const seconds = Math.floor(Math.abs(now - Date.parse(time)) / 1000);
  const unit = units.find((candidate) => seconds >= candidate.seconds) ?? units[3];
  const count = String(Math.floor(seconds / unit.seconds));
  const past = Date.parse(time) <= now;
  if (language === "ja") return `${time}（${count}${unit.ja}${past ? "前" : "後"}）`;
  return past ? `${time} (${count}${unit.name} ago)` : `${time} (in ${count}${unit.name})`;
}
