import { commandHelp, commandNames } from "../help/help.ts";
import { helpText } from "../arguments/usage.ts";

/** Of docs/agent.md: the help of the agent and of each of its commands. */
export function agentReference(): string {
  const commands = commandNames.map(
    (name) => `### keruta-agent ${name}\n\n${fenced(commandHelp(name) ?? "")}`,
  );
  return [fenced(helpText), ...commands].join("\n\n");
}

function fenced(text: string): string {
  return `\`\`\`text\n${text.trimEnd()}\n\`\`\``;
}
