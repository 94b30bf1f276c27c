import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { BundledPackage } from "./bundled-packages.ts";

interface OtherWork {
  readonly title: string;
  readonly text: string;
}

/** What the licences ask to be passed on with what is bundled; the same text of several packages stands once. */
export async function licenceTexts(
  root: string,
  packages: readonly BundledPackage[],
  others: readonly OtherWork[] = [],
): Promise<string> {
  const apache = (await readFile(join(root, "LICENSE"), "utf8")).trim();
  const sections = new Map<string, string[]>();
  const add = (title: string, text: string) => {
    sections.set(text, [...(sections.get(text) ?? []), title]);
  };
  for (const one of packages) {
    const text = one.texts.length > 0 ? one.texts.join("\n\n") : textWithout(one, apache);
    add(`${one.name} ${one.version} (${one.licence})`, text);
  }
  for (const { title, text } of others) add(title, text.trim());
  const rule = "=".repeat(80);
  const parts = [...sections].map(([text, titles]) => `${rule}\n${titles.join("\n")}\n\n${text}\n`);
  return `keruta contains works of others, under these licences.\n\n${parts.join("\n")}`;
}

/** Of a package that names its licence and comes without the text. */
function textWithout({ name, licence, holder }: BundledPackage, apache: string): string {
  if (licence === "Apache-2.0") return apache;
  if (licence === "MIT") return mit(holder);
  if (licence === "Unlicense" || licence === "0BSD")
    return `Its package says ${licence}, which asks for nothing.`;
  throw new Error(
    `${name} is under ${licence} and has no text of it: put it into scripts/supply/licence-texts.ts`,
  );
}

function mit(holder: string): string {
  return `MIT License

Copyright (c) ${holder}

Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;
}
