const maxCharacters = 1000;

/** One sentence of ours around the cluster's own words, whose layout and full stop are dropped. */
export function sentence(fact: string, words: string | undefined): string {
  const own = (words ?? "")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/[.:\s]+$/, "");
  const characters = Array.from(own);
  const short = characters.length > maxCharacters ? `${characters.slice(0, maxCharacters).join("")}…` : own;
  return short === "" ? `${fact}.` : `${fact}: ${short}.`;
}
