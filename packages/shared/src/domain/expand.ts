/** The only names that keruta expands (design section 4); `$(ANYTHING_ELSE)` stays as it is. */
export const expandedNames = [
  "KERUTA_TASK_ID",
  "KERUTA_TASK_PRIORITY",
  "KERUTA_TASK_CREATED_AT",
  "KERUTA_ATTEMPT",
  "KERUTA_API_URL",
] as const;
export type ExpandedName = (typeof expandedNames)[number];

/** A name without a value stays as it is, as in Kubernetes. */
export type Expansions = Readonly<Partial<Record<ExpandedName, string>>>;

const reference = new RegExp(`(\\$+)\\((${expandedNames.join("|")})\\)`, "g");

/**
 * Replaces `$(KERUTA_TASK_ID)` and its four fellows, once: what a value brings in is not looked at again.
 *
 * Right before one of the five, dollars mean what they mean to Kubernetes: `$$` is one dollar, so
 * `$$(KERUTA_TASK_ID)` gives the text `$(KERUTA_TASK_ID)`. Everything else stays byte for byte, `$$` included.
 */
export function expandReferences(text: string, values: Expansions): string {
  return text.replace(reference, (whole: string, dollars: string, name: ExpandedName) => {
    const value = values[name];
    if (value === undefined) return whole;
    const kept = "$".repeat(Math.floor(dollars.length / 2));
    return dollars.length % 2 === 1 ? kept + value : `${kept}(${name})`;
  });
}
