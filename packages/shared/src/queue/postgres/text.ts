/**
 * PostgreSQL's text holds every character but NUL, which a task's words may have. It is stored as two characters, the
 * first of them one that Unicode gives no meaning; that one, too, becomes two, so that nothing is read as what it was
 * not.
 */
const mark = "\uFDD0";
const written: ReadonlyMap<string, string> = new Map([
  ["\0", `${mark}0`],
  [mark, `${mark}1`],
]);
const read: ReadonlyMap<string, string> = new Map([
  ["0", "\0"],
  ["1", mark],
]);

export function toStoredText(text: string): string {
  if (!text.includes("\0") && !text.includes(mark)) return text;
  return text.replaceAll(/[\0\uFDD0]/g, (character) => written.get(character) ?? character);
}

export function fromStoredText(stored: string): string {
  if (!stored.includes(mark)) return stored;
  return stored.replaceAll(/\uFDD0(.)/gsu, (whole, code: string) => read.get(code) ?? whole);
}
