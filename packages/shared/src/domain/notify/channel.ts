/**
 * Where messages go, as rules and deliveries name it: `email` (the addresses of the settings), `email:ADDRESS`,
 * `slack`, `slack:NAME` (a webhook of its own) or `webhook`.
 */
export type ChannelName = string;

export type Channel =
  | { readonly kind: "email"; readonly address: string | null }
  | { readonly kind: "slack"; readonly name: string | null }
  | { readonly kind: "webhook" };

/** Undefined where the text names none. */
export function parseChannel(text: ChannelName): Channel | undefined {
  const [, kind, rest] = /^(email|slack|webhook)(?::(.*))?$/s.exec(text) ?? [];
  if (kind === "webhook") return rest === undefined ? { kind } : undefined;
  if (kind === "email") {
    if (rest === undefined) return { kind, address: null };
    return isMailAddress(rest) ? { kind, address: rest } : undefined;
  }
  if (kind !== "slack") return undefined;
  if (rest === undefined) return { kind, name: null };
  return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(rest) && rest.length <= 63 ? { kind, name: rest } : undefined;
}

/**
 * A plain address: no display name, no quotes, no list. Stricter than RFC 5322, so that nothing in it can be taken for
 * a second address or a header.
 */
export function isMailAddress(text: string): boolean {
  return (
    text.length <= 254 &&
    /^[\p{L}\p{N}.!#$%&'*+/=?^_`{|}~-]+@[\p{L}\p{N}]([\p{L}\p{N}.-]*[\p{L}\p{N}])?$/u.test(text)
  );
}
