import type { Role } from "../domain/access/role.ts";

/**
 * Tokens, people, their sessions, and the audit log. Secrets come as digests only: whoever reads the store can use
 * none of them. Times are ISO 8601, UTC.
 */
export interface AccountStore {
  addToken(token: NewToken): Promise<Token>;
  /** Undefined where it is unknown, expired, or of an attempt that has ended. Its use is noted, at most once a minute. */
  findToken(digest: string): Promise<Token | undefined>;
  /** Newest first; agents' are left out: an attempt makes and ends its own. */
  listTokens(): Promise<readonly Token[]>;
  /** False where there is none. */
  revokeToken(id: string): Promise<boolean>;

  /** False where the name is taken. */
  addUser(user: NewUser): Promise<boolean>;
  findUser(name: string): Promise<StoredUser | undefined>;
  listUsers(): Promise<readonly User[]>;
  /** False where there is none. A new password or role ends the person's sessions. */
  updateUser(name: string, change: UserChange): Promise<boolean>;
  deleteUser(name: string): Promise<boolean>;
  /** What came of a password that was given. Undefined where the person is not known, or has another one by now. */
  recordLogin(name: string, compared: ComparedPassword): Promise<RecordedLogin | undefined>;

  /** Undefined where it is unknown or expired. */
  findSession(digest: string): Promise<Session | undefined>;
  endSession(digest: string): Promise<void>;

  recordAudit(entry: NewAuditEntry): Promise<void>;
  /** Newest first. */
  listAudit(filter: { readonly limit: number; readonly before?: number }): Promise<readonly AuditEntry[]>;
  /** Removes expired sessions and tokens, and agents' tokens of attempts that have ended. */
  sweepAccounts(): Promise<void>;
}

interface TokenFields {
  readonly name: string;
  readonly role: Role;
  /** null: all. */
  readonly namespaces: readonly string[] | null;
  readonly expiresAt: string | null;
  readonly attempt: { readonly taskId: string; readonly number: number } | null;
  readonly createdBy: string;
}

export interface NewToken extends TokenFields {
  /** Hex SHA-256 of the token, which has 256 bits of randomness: it needs no slow hash. */
  readonly digest: string;
}

export interface Token extends TokenFields {
  readonly id: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
}

export interface User {
  readonly name: string;
  readonly role: Role;
  readonly namespaces: readonly string[] | null;
  readonly createdAt: string;
  readonly lastLoginAt: string | null;
}

export interface NewUser extends Pick<User, "name" | "role" | "namespaces"> {
  /** argon2id in PHC form. */
  readonly passwordHash: string;
}

export interface StoredUser extends User {
  readonly passwordHash: string;
  readonly failures: number;
  readonly lockedUntil: string | null;
}

export type UserChange = Partial<Pick<NewUser, "role" | "namespaces" | "passwordHash">>;

export type LoginFailure = Pick<StoredUser, "failures" | "lockedUntil">;

/** Whether the person was locked out when it was recorded: then nothing counts, and no password is to be accepted. */
export type RecordedLogin = Pick<StoredUser, "lockedUntil">;

export interface ComparedPassword {
  /** What it was compared with. */
  readonly passwordHash: string;
  /** Counts a wrong one; null: it was the right one. */
  readonly after: AfterFailure | null;
  /** Opened with the right one, unless the person is locked out. */
  readonly session?: NewSession;
}

/** What a further wrong password does, told from those before and the time. */
export type AfterFailure = (failures: number, now: number) => LoginFailure;

export interface NewSession {
  readonly digest: string;
  readonly user: string;
  readonly expiresAt: string;
}

export interface Session {
  readonly user: User;
  readonly expiresAt: string;
}

export interface NewAuditEntry {
  readonly who: string;
  /** `task.cancel`, `setting.write`, `login.failed`. */
  readonly action: string;
  /** Id or name of what was changed. */
  readonly target: string;
  readonly details: Readonly<Record<string, unknown>>;
  readonly address: string | null;
  readonly requestId: string | null;
}

export interface AuditEntry extends NewAuditEntry {
  readonly seq: number;
  readonly time: string;
}
