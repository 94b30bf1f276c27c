import { LineCounter, parseAllDocuments } from "yaml";
import type { Text } from "../domain/text.ts";
import { collectComplaints, type Complaint, type Locate, type Report } from "./complaint.ts";
import { locateNode, positionAt, reportSlips, type Source } from "./yaml-source.ts";

/** One document of a file, read but not yet checked as a task. */
export interface TaskDocument {
  readonly file: string;
  /** On which it begins. */
  readonly line: number;
  /** undefined where it could not be read. */
  readonly value: unknown;
  readonly locate: Locate;
  /** Of its syntax. */
  readonly complaints: readonly Complaint[];
}

/** One broken bracket makes many errors; the first ones tell. */
const maxSyntaxErrors = 5;
/** Ten uses of a list of ten are an everyday thing; a million are an attack on memory. */
const maxAliasCount = 100;

/** The documents of a YAML or JSON text; empty ones (`---` at the end) are left out. */
export function readDocuments(file: string, text: string): readonly TaskDocument[] {
  const json = readJson(file, text);
  if (json && "complaint" in json) return [json.complaint];
  const lines = new LineCounter();
  const sources = parseAllDocuments(text, {
    lineCounter: lines,
    schema: "core",
    merge: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  return sources
    .filter(
      ({ errors, contents }) =>
        errors.length > 0 || (contents !== null && contents.range[1] > contents.range[0]),
    )
    .map((source) => {
      const locate: Locate = (path, target) => locateNode(source, path, target, lines);
      const { report, all } = collectComplaints(file, locate);
      // A valid JSON text is one YAML document; where the library disagrees, JSON's own parser is right.
      const syntax = json ? [] : syntaxComplaints(file, source, lines);
      if (source.directives.yaml.explicit && source.directives.yaml.version !== "1.2") report([], oldYaml);
      let value: unknown;
      if (syntax.length === 0) {
        const { resolved } = reportSlips(source, report);
        if (json) value = json.value;
        else if (resolved) value = toValue(source, report);
      }
      const { line } = locate([], "value") ?? { line: 1 };
      return { file, line, value, locate, complaints: [...syntax, ...all] };
    });
}

function syntaxComplaints(file: string, source: Source, lines: LineCounter): Complaint[] {
  const found = new Map<string, Complaint>();
  for (const { message, pos } of [...source.errors, ...source.warnings]) {
    // The library's composer calls itself for each bracket.
    const text = message.startsWith("Maximum call stack") ? nestedTooDeeply : syntaxText(message);
    const complaint = { file, ...positionAt(lines, pos[0]), path: "", text };
    found.set(`${String(complaint.line)} ${text.en}`, complaint);
  }
  return [...found.values()].slice(0, maxSyntaxErrors);
}

function toValue(source: { toJS(options: { maxAliasCount: number }): unknown }, report: Report): unknown {
  try {
    return source.toJS({ maxAliasCount });
  } catch (error) {
    // The library's word for aliases that multiply too much.
    if (!(error instanceof ReferenceError)) throw error;
    report([], syntaxText(error.message));
    return undefined;
  }
}

type JsonText = { readonly value: unknown } | { readonly complaint: TaskDocument } | undefined;

/** JSON is read by JSON's rules: tabs indent, and a `.json` without quotes is wrong though YAML would take it. */
function readJson(file: string, text: string): JsonText {
  const mustBeJson = /\.json$/i.test(file);
  if ((!mustBeJson && !/^\s*[{[]/.test(text)) || text.trim() === "") return undefined;
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    if (!mustBeJson) return undefined;
    const position = jsonPosition(error.message, text);
    // V8 appends the position and a piece of the text, which may be long.
    const message = error.message.replace(/(, "[^]*)? (in JSON at position|is not valid JSON)[^]*$/, "");
    const complaint = {
      file,
      ...position,
      path: "",
      text: { en: `cannot be read as JSON: ${message}`, ja: `JSON として読めません: ${message}` },
    };
    return { complaint: { file, line: 1, value: undefined, locate: () => null, complaints: [complaint] } };
  }
}

function jsonPosition(message: string, text: string): { line: number; column: number } {
  const [, line, column] = /\(line (\d+) column (\d+)\)/.exec(message) ?? [];
  if (line !== undefined && column !== undefined) return { line: Number(line), column: Number(column) };
  const before = text.trimEnd().split("\n");
  return { line: before.length, column: (before.at(-1) ?? "").length + 1 };
}

function syntaxText(message: string): Text {
  return { en: `cannot be read as YAML: ${message}`, ja: `YAML として読めません: ${message}` };
}

const nestedTooDeeply: Text = {
  en: "cannot be read as YAML: it is nested too deeply",
  ja: "YAML として読めません: 入れ子が深すぎます",
};

const oldYaml: Text = {
  en: "asks for an old version of YAML; leave the %YAML line out",
  ja: "古いバージョンの YAML が指定されています。%YAML の行を削除してください",
};
