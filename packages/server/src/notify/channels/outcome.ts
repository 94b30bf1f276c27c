import type { Text } from "@keruta/shared/domain";

/** How an attempt to send ended. */
export type SendOutcome =
  | { readonly kind: "sent"; readonly detail: Text }
  /** The same again would be refused again. */
  | { readonly kind: "refused"; readonly detail: Text }
  | {
      readonly kind: "later";
      readonly detail: Text;
      /** What the other side asked for, milliseconds; null: nothing. */
      readonly retryAfter: number | null;
      /** Those that have not got it, where others have; null: nobody has. */
      readonly recipients: readonly string[] | null;
    };

export function refused(detail: Text): SendOutcome {
  return { kind: "refused", detail };
}

export function later(detail: Text, retryAfter: number | null = null): SendOutcome {
  return { kind: "later", detail, retryAfter, recipients: null };
}
