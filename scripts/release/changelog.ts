/** The text of a changeset, without what it says of packages and versions. */
export function summaryOf(changeset: string): string {
  const summary = /^---\n[^]*?^---\n([^]*)$/m.exec(changeset.replaceAll("\r\n", "\n"))?.[1]?.trim();
  if (summary === undefined || summary === "") {
    throw new Error("a changeset needs two lines of --- and then what users are told: npm run changeset");
  }
  return summary.startsWith("- ") ? summary : `- ${summary.replaceAll("\n", "\n  ")}`;
}

/** The changelog with what is new in `version`: in the section that it has as not released, or in a new one on top. */
export function withChanges(changelog: string, version: string, summaries: readonly string[]): string {
  const [head = "", ...sections] = changelog.split(/^(?=## )/m);
  const [newest = ""] = sections;
  const title = /^## (\S+)(.*)$/m.exec(newest);
  const added = summaries.map((summary) => `${summary}\n`).join("");
  if (title?.[1] === version) {
    if (!title[2]?.includes("not released")) {
      throw new Error(
        `${version} is released already: its changesets have to name a bump (npm run changeset)`,
      );
    }
    return [
      head,
      `${newest.trimEnd()}\n${added}${sections.length > 1 ? "\n" : ""}`,
      ...sections.slice(1),
    ].join("");
  }
  if (title?.[2]?.includes("not released")) {
    throw new Error(
      `${String(title[1])} is not released yet: its changesets must be empty (npm run changeset -- --empty)`,
    );
  }
  return [head, `## ${version} (not released)\n\n${added}\n`, ...sections].join("");
}

/** The changelog on the day of the release. */
export function withDate(changelog: string, version: string, day: string): string {
  const title = `## ${version} (not released)`;
  if (!changelog.includes(`${title}\n`))
    throw new Error(`CHANGELOG.md has no "${title}": npm run release:version`);
  return changelog.replace(title, `## ${version} (${day})`);
}
