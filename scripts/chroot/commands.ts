import { readFile } from "node:fs/promises";

/** The commands of a section of a Markdown page, each block of `sh` one. */
export async function commandsOf(page: string, section: string): Promise<readonly string[]> {
  const text = await readFile(page, "utf8");
  const [, rest = ""] = text.split(`\n## ${section}\n`);
  const [body = ""] = rest.split("\n## ");
  const commands = [...body.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, block = ""]) => block.trim());
  if (commands.length === 0) throw new Error(`${page} has no commands under "${section}"`);
  return commands;
}
