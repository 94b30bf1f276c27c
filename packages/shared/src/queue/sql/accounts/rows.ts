import type { User } from "../../accounts.ts";
import type { UserTable } from "../schema.ts";
import { isoTime, isoTimeOrNull } from "../time.ts";

export type PublicUserRow = Pick<UserTable, "name" | "role" | "namespaces" | "created_at" | "last_login_at">;

export function userOf(row: PublicUserRow): User {
  return {
    name: row.name,
    role: row.role,
    namespaces: namespacesOf(row.namespaces),
    createdAt: isoTime(row.created_at),
    lastLoginAt: isoTimeOrNull(row.last_login_at),
  };
}

export function namespacesOf(text: string | null): readonly string[] | null {
  return text === null ? null : (JSON.parse(text) as readonly string[]);
}
