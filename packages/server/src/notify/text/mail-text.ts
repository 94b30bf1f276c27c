import type { Described } from "./describe.ts";

/** Plain text for an email; quotes are indented. */
export function mailText({ paragraphs }: Described): string {
  const blocks = paragraphs.map(({ lines, isQuote }) =>
    lines.map((line) => (isQuote ? `    ${line}` : line)).join("\n"),
  );
  return `${blocks.join("\n\n")}\n`;
}
