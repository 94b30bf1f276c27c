/**
 * What a task or a stranger wrote, as one line of at most `length` characters: control characters, line and paragraph
 * separators, and marks that change the direction of what follows become blanks.
 */
export function oneLine(text: string, length: number): string {
  // Cut before it is looked through: a title may be as long as a task.
  const plain = text
    .slice(0, length * 4)
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]+/gu, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  const characters = Array.from(plain);
  return characters.length <= length ? plain : `${characters.slice(0, length - 1).join("")}…`;
}
