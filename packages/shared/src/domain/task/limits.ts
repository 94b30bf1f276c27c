/** A whole task, as JSON in UTF-8. */
export const maxTaskBytes = 512 * 1024;

/** Linux's MAX_ARG_STRLEN: one argument, or one variable with its name and `=`, and the NUL after it. */
export const maxProcessStringBytes = 131_072;

/** So that an attempt's number stays a part of a Job's name. */
export const maxAttempts = 100;
export const maxRestarts = 1000;
export const maxConcurrencyLimit = 100_000;
export const maxKeyCharacters = 253;

/** Higher runs first; what an `integer` of both databases holds. */
export const priorityRange = { minimum: -2_147_483_648, maximum: 2_147_483_647 } as const;
