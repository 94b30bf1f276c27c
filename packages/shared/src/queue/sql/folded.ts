/** As searches compare: full width is half width, capitals are small. */
export function folded(text: string): string {
  return text.normalize("NFKC").toLowerCase();
}
