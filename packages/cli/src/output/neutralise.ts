/* oxlint-disable no-control-regex -- finding control characters is what these are for */
const controls = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;
/** Colours, tabs, line ends and progress bars are what a terminal is for; all else could rewrite the screen. */
const unsafeInLog =
  /\u001b\[[0-9;:]*m|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** At the end of a text: a colour of which the rest may come yet. */
export const begunColour = /\u001b(?:\[[0-9;:]*)?$/;

/** One line of text from a task, harmless on a terminal: control and bidi characters become visible escapes. */
export function neutralise(text: string): string {
  return text.replaceAll(controls, escapeOf);
}

/** As `neutralise`, for log text: line ends and colours stay. */
export function neutraliseLog(text: string): string {
  return text.replaceAll(unsafeInLog, (found) => (found.length > 1 ? found : escapeOf(found)));
}

function escapeOf(character: string): string {
  switch (character) {
    case "\n":
      return "\\n";
    case "\r":
      return "\\r";
    case "\t":
      return "\\t";
    default: {
      const code = character.charCodeAt(0);
      return code < 0x100
        ? `\\x${code.toString(16).padStart(2, "0")}`
        : `\\u${code.toString(16).padStart(4, "0")}`;
    }
  }
}
