import type { Described, Paragraph } from "./describe.ts";

/** Slack's own bounds are 3,000 characters a section and 50 blocks. */
const sectionLength = 2900;
const maxSections = 45;

interface SlackPayload {
  /** For lists and for those who hear it read. */
  readonly text: string;
  readonly blocks: readonly object[];
  readonly unfurl_links: false;
  readonly unfurl_media: false;
}

/** `verbatim` keeps Slack from making links, channels and people of what a task says. */
export function slackPayload({ subject, paragraphs }: Described): SlackPayload {
  const sections = [bold(subject), ...paragraphs.flatMap(sectionsOf)].slice(0, maxSections);
  return {
    text: escapeSlack(subject),
    blocks: sections.map((text) => ({ type: "section", text: { type: "mrkdwn", text, verbatim: true } })),
    unfurl_links: false,
    unfurl_media: false,
  };
}

/** The three characters by which Slack knows links, mentions and its own escapes. */
function escapeSlack(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function bold(text: string): string {
  return `*${escapeSlack(text.replaceAll("*", "∗"))}*`;
}

function sectionsOf({ lines, isQuote }: Paragraph): readonly string[] {
  const escaped = lines.map((line) => escapeSlack(isQuote ? unfenced(line) : line));
  const sections: string[] = [];
  let gathered = "";
  for (const line of escaped) {
    if (gathered !== "" && gathered.length + line.length > sectionLength) {
      sections.push(gathered);
      gathered = "";
    }
    gathered += `${gathered === "" ? "" : "\n"}${line.slice(0, sectionLength)}`;
  }
  if (gathered !== "") sections.push(gathered);
  return isQuote ? sections.map((text) => `\`\`\`${text}\`\`\``) : sections;
}

/** No text can end the code block that it stands in. */
function unfenced(text: string): string {
  return text.replaceAll("`", "ˋ");
}
