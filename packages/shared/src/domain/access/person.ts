import type { Role } from "./role.ts";

/** Those that a person may have. */
export const personRoles = ["admin", "operator", "viewer"] as const satisfies readonly Role[];
export type PersonRole = (typeof personRoles)[number];

export const userNamePattern = /^[\p{L}\p{N}][\p{L}\p{N}._@-]{0,62}$/u;

/** NIST SP 800-63B: length counts, rules of composition do not. In UTF-16 code units. */
export const passwordLength = { min: 12, max: 1024 } as const;
