import { expect, test } from "vitest";
import { placeOf, readSources, type SourceFile } from "./imports.ts";

/** Which packages each package may import, besides itself. */
const mayImport: Record<string, RegExp> = {
  shared: /^$/,
  agent: /^@keruta\/shared\/(domain|api\/agent)$/,
  runner: /^@keruta\/(shared\/.+|agent\/protocol)$/,
  server: /^@keruta\/(shared|runner)\/.+$/,
  cli: /^@keruta\/(shared|runner|server)\/.+$/,
  panel: /^@keruta\/shared\/domain$/,
};

/** The only folder that may import a third party that must not spread. */
const keptIn: [specifier: RegExp, folder: string][] = [
  [/^(better-sqlite3|pg|kysely)(\/|$)/, "packages/shared/src/queue/"],
  [/^@kubernetes\/client-node(\/|$)/, "packages/runner/src/kubernetes/"],
];

const everything = readSources("packages/*/src/**/*.{ts,tsx}");
const sources = everything.filter(({ path }) => !/\.test\.tsx?$/.test(path));
const byPath = new Map(sources.map((file) => [file.path, file]));

test("packages depend on each other one way", () => {
  const wrong = offences(({ path }, specifier, target) => {
    const [from] = placeOf(path);
    if (target === undefined || !specifier.startsWith(".")) {
      return /^(keruta$|keruta\/|@keruta\/)/.test(specifier) && !mayImport[from]?.test(specifier);
    }
    return placeOf(target)[0] !== from || !target.startsWith(`packages/${from}/src/`);
  });
  expect(wrong).toEqual([]);
});

test("the domain imports nothing", () => {
  const domain = "packages/shared/src/domain/";
  expect(offences(({ path }, _, target) => path.startsWith(domain) && !target?.startsWith(domain))).toEqual(
    [],
  );
});

test("databases and the Kubernetes client stay in their folder", () => {
  const wrong = offences(({ path }, specifier) =>
    keptIn.some(([pattern, folder]) => pattern.test(specifier) && !path.startsWith(folder)),
  );
  expect(wrong).toEqual([]);
});

test("the queue's interface and the agent reach no native code", () => {
  const roots = ["packages/shared/src/queue/index.ts", "packages/agent/src/main.ts"];
  const wrong = roots.flatMap((start) =>
    [...reachable(start)]
      .filter(({ imports }) => imports.some(({ specifier }) => /^(better-sqlite3|pg)$/.test(specifier)))
      .map(({ path }) => `${start} reaches ${path}`),
  );
  expect(wrong).toEqual([]);
});

test("subject folders do not import each other in a circle", () => {
  const edges = new Map<string, Map<string, string>>();
  for (const { path, imports } of sources) {
    for (const { target } of imports) {
      const [from, to] = [subjectOf(path), target && subjectOf(target)];
      if (!to || from === to) continue;
      edges.set(from, (edges.get(from) ?? new Map<string, string>()).set(to, `${path} → ${target}`));
    }
  }
  const circles = [...edges.keys()].flatMap((start) => circleFrom(start, edges) ?? []);
  expect(circles).toEqual([]);
});

test("the clock is an input", () => {
  const composition = /^packages\/[^/]+\/src\/(main\.ts$|compose\/)/;
  const wrong = sources.filter(({ path, text }) => !composition.test(path) && /\bnew Date\(\s*\)/.test(text));
  expect(wrong.map(({ path }) => `${path}: new Date()`)).toEqual([]);
});

test("files stay short", () => {
  const long = [...everything, ...readSources("{test,scripts,bench}/**/*.ts")]
    .map(({ path, text }) => ({ path, lines: text.split("\n").length - 1 }))
    .filter(({ path }) => !path.includes(".generated."))
    .filter(({ path, lines }) => lines > (path.endsWith(".test.ts") ? 500 : 300));
  expect(long.map(({ path, lines }) => `${path}: ${lines} lines`)).toEqual([]);
});

test("a rule is switched off only with a reason", () => {
  const bare = /(?:oxlint|eslint)-disable(?!.* -- )|@ts-(?:ignore|nocheck|expect-error)\s*$/m;
  expect(everything.filter(({ text }) => bare.test(text)).map(({ path }) => path)).toEqual([]);
});

type Judge = (file: SourceFile, specifier: string, target: string | undefined) => boolean;

function offences(isWrong: Judge): string[] {
  return sources.flatMap((file) =>
    file.imports
      .filter(({ specifier, target }) => isWrong(file, specifier, target))
      .map(({ specifier }) => `${file.path} imports ${specifier}`),
  );
}

function reachable(start: string, seen = new Set<SourceFile>()): Set<SourceFile> {
  const file = byPath.get(start);
  if (!file || seen.has(file)) return seen;
  seen.add(file);
  for (const { target } of file.imports) if (target) reachable(target, seen);
  return seen;
}

function subjectOf(path: string): string {
  return placeOf(path).join("/");
}

/** The imports that lead from a subject back to itself. */
function circleFrom(start: string, edges: Map<string, Map<string, string>>): string[] | undefined {
  const queue: { at: string; way: string[] }[] = [{ at: start, way: [] }];
  const seen = new Set<string>();
  for (let step = queue.shift(); step; step = queue.shift()) {
    for (const [to, edge] of edges.get(step.at) ?? []) {
      if (to === start) return [[...step.way, edge].join("; ")];
      if (!seen.has(to)) queue.push({ at: to, way: [...step.way, edge] });
      seen.add(to);
    }
  }
  return undefined;
}
