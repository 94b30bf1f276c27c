import type { Role } from "@keruta/shared/domain";

export interface Account {
  readonly name: string;
  readonly role: Role;
  /** null: all. */
  readonly namespaces: readonly string[] | null;
  readonly createdAt: string;
  readonly lastLoginAt: string | null;
}

export interface Token {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly namespaces: readonly string[] | null;
  readonly expiresAt: string | null;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly lastUsedAt: string | null;
}

/** What is typed with commas between; null: all. */
export function namespacesOf(text: string): readonly string[] | null {
  const names = text.split(/[,、\s]+/).filter((name) => name !== "");
  return names.length === 0 ? null : names;
}

/** The end of a day as the person's clock has it, from what a date field holds. */
export function endOfDay(date: string): string | null {
  if (date === "") return null;
  const end = new Date(`${date}T23:59:59`);
  return Number.isNaN(end.getTime()) ? null : end.toISOString();
}
