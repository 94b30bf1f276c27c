/** C0, DEL and C1, marks of direction, separators of lines, and what has no face. */
const hidden =
  // oxlint-disable-next-line no-control-regex -- these are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;

/** A foreign text as one that shows all it holds and turns nothing around. Tabs stay where `keep` has them. */
export function visible(text: string, keep = ""): string {
  return text.replaceAll(hidden, (character) => (keep.includes(character) ? character : faceOf(character)));
}

/** By number; their pictures in Unicode are in few fonts. */
const names =
  "NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US".split(
    " ",
  );

function faceOf(character: string): string {
  const code = character.charCodeAt(0);
  const name = code === 0x7f ? "DEL" : names[code];
  if (name !== undefined) return `⟨${name}⟩`;
  return `⟨U+${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
}
