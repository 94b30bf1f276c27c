/** A fence of a guide that is run: a file that is written, or a session with a shell. */
export type Example =
  | { readonly kind: "file"; readonly name: string; readonly content: string; readonly mode: number }
  | { readonly kind: "session"; readonly steps: readonly Step[]; readonly line: number };

export interface Step {
  readonly command: string;
  /** As it stands in the guide. */
  readonly output: string;
}

/**
 * Fences of a page that are marked: `yaml file=task.yaml` (`mode=0600` may follow) is written into the directory,
 * `console run` is typed into a shell, line for line after `$ `.
 */
export function examplesIn(page: string): readonly Example[] {
  return [...page.matchAll(/^```(\w+) +(run|file=\S+)(?: +mode=(\d+))?\n([\s\S]*?)^```$/gm)].map((match) => {
    const [, , mark = "", mode = "644", content = ""] = match;
    if (mark !== "run") return { kind: "file", name: mark.slice(5), content, mode: Number.parseInt(mode, 8) };
    const line = page.slice(0, match.index).split("\n").length;
    return { kind: "session", steps: stepsIn(content), line };
  });
}

function stepsIn(session: string): readonly Step[] {
  return session
    .split(/^\$ /m)
    .slice(1)
    .map((text) => {
      const end = text.indexOf("\n");
      return { command: text.slice(0, end), output: text.slice(end + 1) };
    });
}

/** The page with the outputs of its sessions, in their order, as they really were. */
export function withOutputs(page: string, outputs: readonly (readonly string[])[]): string {
  const rest = [...outputs];
  return page.replaceAll(/^(```console +run\n)([\s\S]*?)^```$/gm, (_, fence: string, session: string) => {
    const now = rest.shift() ?? [];
    const steps = stepsIn(session).map(({ command }, index) => `$ ${command}\n${now[index] ?? ""}`);
    return `${fence}${steps.join("")}\`\`\``;
  });
}

const id = /\b[a-z][a-z2-7]{9}\b/g;

/** What may differ from one run to the next is made the same. */
export function comparable(output: string): string {
  const known = new Map<string, string>();
  const nameOf = (word: string) => {
    const name = `ID${String(known.size)}`;
    known.set(word, name);
    return name;
  };
  return output
    .replaceAll(/\d{4}-\d{2}-\d{2}T[\d:.]+Z/g, "TIME")
    .replaceAll(/\b\w+@[\w.-]+(:\d+)?/g, "WHO")
    .replaceAll(/\b\d+(\.\d+)?(ms|s|m|h|d)( ?\d+(\.\d+)?(ms|s|m|h))?\b/g, "DURATION")
    .replaceAll(/\b[0-9a-f]{32,64}\b/g, "DIGEST")
    .replaceAll(id, (word) => known.get(word) ?? nameOf(word))
    .replaceAll(/ +/g, " ")
    .replaceAll(/ $/gm, "");
}
