import { isLabelKey, isLabelValue, parseDuration, priorityRange, type Text } from "@keruta/shared/domain";
import type { Complaint } from "../api/problem.ts";
import { pairsOf, type Fields } from "./fields.ts";
import { words } from "./form-words.ts";

export type Complaints = Readonly<Partial<Record<keyof Fields, readonly Text[]>>>;

/** What the form itself sees at once: what cannot even be made a task of, and the domain's rules of its fields. */
export function complain(fields: Fields): Complaints {
  return {
    priority: isInteger(fields.priority, priorityRange.minimum, priorityRange.maximum)
      ? []
      : [words.notNumber],
    labels: [
      ...lines(fields.labels).flatMap((line) => (isLabel(line) ? [] : [words.notLabel(line)])),
      ...repeated(fields.labels),
    ],
    env: [
      ...lines(fields.env).flatMap((line) => (line.indexOf("=") > 0 ? [] : [words.notPair(line)])),
      ...repeated(fields.env),
    ],
    timeout: isDuration(fields.timeout) ? [] : [words.notDuration],
    attempts:
      fields.attempts === "" || isInteger(fields.attempts, 1, Number.MAX_SAFE_INTEGER)
        ? []
        : [words.notNumber],
  };
}

export function isSound(complaints: Complaints): boolean {
  return Object.values(complaints).every((of) => of.length === 0);
}

const places: readonly (readonly [RegExp, keyof Fields])[] = [
  [/^title\b/, "title"],
  [/^description\b/, "description"],
  [/^priority\b/, "priority"],
  [/^labels\b/, "labels"],
  [/^spec\.runner\b/, "runner"],
  [/^spec\.image$/, "image"],
  [/^spec\.namespace\b/, "namespace"],
  [/^spec\.script\b/, "script"],
  [/^spec\.command\b/, "command"],
  [/^spec\.env\b/, "env"],
  [/^spec\.timeout\b/, "timeout"],
  [/^spec\.retry\.attempts\b/, "attempts"],
  [/^spec\.artifacts\.paths\b/, "artifacts"],
];

/** The server's complaints at their fields; those of what the form does not show are `others`. */
export function placed(complaints: readonly Complaint[]): {
  readonly byField: Complaints;
  readonly others: readonly Complaint[];
} {
  const byField: Partial<Record<keyof Fields, Text[]>> = {};
  const others: Complaint[] = [];
  for (const complaint of complaints) {
    const field = places.find(([pattern]) => pattern.test(complaint.path))?.[1];
    if (field === undefined) others.push(complaint);
    else (byField[field] ??= []).push(complaint.text);
  }
  return { byField, others };
}

function lines(text: string): readonly string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

function isLabel(line: string): boolean {
  return pairsOf(line).every(([key, value]) => isLabelKey(key) && isLabelValue(value));
}

function repeated(text: string): readonly Text[] {
  const keys = pairsOf(text).map(([key]) => key);
  const twice = new Set(keys.filter((key, index) => keys.indexOf(key) !== index));
  return Array.from(twice, (key) => words.twice(key));
}

function isInteger(text: string, least: number, most: number): boolean {
  const value = Number(text);
  return /^-?\d+$/.test(text.trim()) && value >= least && value <= most;
}

function isDuration(text: string): boolean {
  return text.trim() === "" || (parseDuration(text.trim()) ?? 0) > 0;
}
