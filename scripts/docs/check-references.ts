import { globSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** Links and paths in pages that lead nowhere, one sentence each. */
export function brokenReferences(root: string, pages = pagesOf(root)): readonly string[] {
  const files = filesOf(root);
  return pages.flatMap((page) => {
    const text = readFileSync(join(root, page), "utf8");
    const complain = (what: string) => `${page}: ${what}`;
    return [
      ...linksOf(text).flatMap((link) => brokenLink(root, page, link) ?? []),
      ...namedPaths(text)
        .filter((path) => !isThere(path, files))
        .map((path) => `there is no ${path}`),
    ].map(complain);
  });
}

/** Everything that people read of the repository. */
function pagesOf(root: string): readonly string[] {
  return ["*.md", "docs/**/*.md", "packages/*/README.md"].flatMap((pattern) =>
    globSync(pattern, { cwd: root }),
  );
}

function linksOf(text: string): readonly string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, "").replaceAll(/`[^`\n]*`/g, "`code`");
  return [...prose.matchAll(/\[[^\]]*\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target);
}

function brokenLink(root: string, page: string, link: string): string | undefined {
  if (/^(https?|mailto):/.test(link)) return undefined;
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? join(root, page) : join(root, dirname(page), path);
  if (relative(root, target).startsWith("..")) return `the link ${link} leaves the repository`;
  const found = statSync(target, { throwIfNoEntry: false });
  if (!found) return `the link ${link} leads nowhere`;
  if (anchor === undefined || !found.isFile()) return undefined;
  return anchorsOf(readFileSync(target, "utf8")).has(anchor) ? undefined : `there is no heading for ${link}`;
}

/** As GitHub makes them of headings. */
function anchorsOf(text: string): ReadonlySet<string> {
  const headings = [...text.replaceAll(/^```[\s\S]*?^```/gm, "").matchAll(/^#{1,6} +(.*)$/gm)];
  const seen = new Map<string, number>();
  return new Set(
    headings.map(([, heading = ""]) => {
      const plain = heading.trim().toLowerCase();
      const anchor = plain.replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, "").replaceAll(" ", "-");
      const before = seen.get(anchor) ?? 0;
      seen.set(anchor, before + 1);
      return before === 0 ? anchor : `${anchor}-${String(before)}`;
    }),
  );
}

const roots = /^(packages|test|scripts|docs|examples|images|bench|types)\//;
const source = /^[\w./*{},-]+\.(ts|tsx|cjs)$/;

/** What stands as code in prose and names a file or a folder of the repository. */
function namedPaths(text: string): readonly string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, "");
  return [...prose.matchAll(/`([^`\n]+)`/g)]
    .map(([, code = ""]) => code)
    .filter((code) => /^[\w./*{},@-]+$/.test(code) && (roots.test(code) || source.test(code)));
}

/** A whole path, a pattern of some, or the end of one: `sql/settle.ts`. */
function isThere(path: string, files: readonly string[]): boolean {
  const wanted = path.replace(/\/$/, "");
  const pattern = wanted
    .replaceAll(/[.+]/g, String.raw`\$&`)
    .replaceAll("*", "[^/]*")
    .replaceAll(/\{([^}]*)\}/g, (_, words: string) => `(${words.replaceAll(",", "|")})`);
  const whole = new RegExp(roots.test(path) ? `^${pattern}(/|$)` : `(^|/)${pattern}$`);
  return files.some((file) => whole.test(file));
}

function filesOf(root: string): readonly string[] {
  const folders = ["packages", "test", "scripts", "docs", "examples", "images", "bench", "types"];
  const made = /(^|\/)(node_modules|dist)(\/|$)/;
  return [
    ...folders.flatMap((folder) =>
      globSync(`${folder}/**/*`, {
        cwd: root,
        exclude: (name) => name === "node_modules" || name === "dist",
      }),
    ),
    ...globSync("*.ts", { cwd: root }),
  ].filter((file) => !made.test(file));
}
