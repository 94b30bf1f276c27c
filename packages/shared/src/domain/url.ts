/**
 * True where a URL carries credentials: a password, or, over HTTP, any user at all, since a token is often given
 * as one. Such a URL would end up in the queue, in manifests and in logs.
 */
export function hasPassword(url: string): boolean {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)@/i.exec(url);
  if (!match) return false;
  const [, scheme = "", user = ""] = match;
  return user.includes(":") || /^https?$/i.test(scheme);
}
