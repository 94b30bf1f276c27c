const shownCharacters = 60;

/** A text of the user's for a message: quoted, control characters escaped, cut where it is long. */
export function showText(text: string): string {
  const characters = Array.from(text.slice(0, shownCharacters * 2));
  const cut = characters.length > shownCharacters || text.length > shownCharacters * 2;
  return JSON.stringify(cut ? `${characters.slice(0, shownCharacters).join("")}…` : text);
}
