/** A server that asks for more than a day is not waited for so long. */
const longest = 86_400_000;

/** Milliseconds that a Retry-After header asks for, in seconds or as a date; null where it cannot be read. */
export function retryAfterOf(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  const text = header.trim();
  const milliseconds = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(milliseconds) ? null : Math.min(Math.max(0, milliseconds), longest);
}
