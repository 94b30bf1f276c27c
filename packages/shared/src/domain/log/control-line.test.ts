import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeLine, encodeRecord, maxRecordBytes } from "../codec/index.ts";
import { createControlLineSplitter, maxControlLineBytes, type SplitPiece } from "./control-line-splitter.ts";
import { parseControlLine, parseControlWords } from "./control-line.ts";
import { maxControlTextBytes } from "./control.ts";

const encoder = new TextEncoder();
const parse = (line: string) => parseControlLine(encoder.encode(line));

describe("a control line", () => {
  test("is read into its control", () => {
    expect(parse("::keruta:progress 40 compiling it")).toEqual({
      type: "progress",
      percent: 40,
      message: "compiling it",
    });
    expect(parse("::keruta:progress 100")).toEqual({ type: "progress", percent: 100, message: "" });
    expect(parse("::keruta:progress 12.5%\r")).toEqual({ type: "progress", percent: 12.5, message: "" });
    expect(parse("::keruta:progress - 準備中")).toEqual({
      type: "progress",
      percent: null,
      message: "準備中",
    });
    expect(parse("::keruta:artifact out/my report.html")).toEqual({
      type: "artifact",
      path: "out/my report.html",
    });
    expect(parse("::keruta:log warning low disk")).toEqual({
      type: "log",
      level: "WARN",
      message: "low disk",
    });
    expect(parse("::keruta:output url=https://x/?a=b")).toEqual({
      type: "output",
      name: "url",
      value: "https://x/?a=b",
    });
  });

  test.each([
    "::keruta:",
    "::keruta:progress",
    "::keruta:progress 101",
    "::keruta:progress -1",
    "::keruta:progress 1e1",
    "::keruta:progress forty",
    "::keruta:artifact",
    "::keruta:artifact ",
    "::keruta:artifact a\0b",
    `::keruta:artifact ${"x".repeat(maxControlTextBytes + 1)}`,
    "::keruta:log LOUD x",
    "::keruta:output novalue",
    "::keruta:output 1=x",
    "::keruta:output =x",
    "::keruta:started 1 2",
    "::keruta:shutdown now",
    " ::keruta:progress 40",
    "::KERUTA:progress 40",
  ])("that is malformed stays text: %j", (line) => {
    expect(parse(line)).toBeUndefined();
  });

  test("that is not UTF-8 stays text", () => {
    expect(parseControlLine(Uint8Array.of(...encoder.encode("::keruta:log WARN "), 0xff))).toBeUndefined();
  });

  test("is cut to its bound between characters", () => {
    const control = parse(`::keruta:log INFO ${"あ".repeat(600)}`);
    expect(control).toEqual({ type: "log", level: "INFO", message: "あ".repeat(341) });
  });

  test("makes a record that fits and is read back, whatever its text", () => {
    const text = fc.string({ unit: "binary", maxLength: 3_000 }).map((value) => value.toWellFormed());
    const type = fc.constantFrom("progress 5", "log ERROR", "artifact", "output name=");
    fc.assert(
      fc.property(type, fc.oneof(text, fc.constant("\u0001".repeat(3_000))), (head, tail) => {
        const line = encoder.encode(`::keruta:${head} ${tail}`);
        const control = parseControlLine(line);
        if (!control) return;
        const record = encodeRecord({ kind: "control", control });
        expect(record.length).toBeLessThanOrEqual(maxRecordBytes);
        expect(decodeLine(record.subarray(0, -1))).toEqual({ kind: "control", control });
      }),
    );
  });

  test("is the same as words on a command line", () => {
    expect(parseControlWords("progress", "40", "compiling")).toEqual(parse("::keruta:progress 40 compiling"));
    expect(parseControlWords("output", "a", "x=y")).toEqual(parse("::keruta:output a=x=y"));
    expect(parseControlWords("output", "a=b", "x")).toBeUndefined();
  });
});

describe("control lines in a stream", () => {
  test("leave the text around them as it is", () => {
    expect(splitAll(["a\n::keruta:progress 1\nb\n"])).toEqual({ text: "a\nb\n", controls: 1 });
    expect(splitAll(["a ::keruta:progress 1\n"])).toEqual({ text: "a ::keruta:progress 1\n", controls: 0 });
    expect(splitAll(["::keruta:progress 1"])).toEqual({ text: "", controls: 1 });
    expect(splitAll(["::keruta:progress 1\n", "::keruta:bad\n::keruta:log WARN x\n:"])).toEqual({
      text: "::keruta:bad\n:",
      controls: 2,
    });
  });

  test("hold back only what may become one, and not for long", () => {
    const splitter = createControlLineSplitter();
    expect(splitter.push(encoder.encode("x\n::ker"))).toEqual([
      { kind: "bytes", bytes: encoder.encode("x\n") },
    ]);
    expect(splitter.heldBytes).toBe(5);
    expect(splitter.push(encoder.encode("o"))).toEqual([{ kind: "bytes", bytes: encoder.encode("::kero") }]);
    splitter.push(encoder.encode("\n::keruta:artifact "));
    splitter.push(new Uint8Array(maxControlLineBytes).fill(0x61));
    expect(splitter.heldBytes).toBe(0);
  });

  test("are found whatever the chunks", () => {
    const part = fc.constantFrom(
      "::keruta:progress 7 x\n",
      "::keruta:nonsense\n",
      ":",
      "::keruta:",
      "text\n",
      "\n",
      "::",
      "é",
    );
    const cuts = fc.array(fc.nat({ max: 200 }), { maxLength: 20 });
    fc.assert(
      fc.property(fc.array(part, { maxLength: 15 }), cuts, (parts, places) => {
        const whole = parts.join("");
        const lines = whole.split(/(?<=\n)/);
        const isControl = (line: string) => /^::keruta:progress 7 x\n?$/.test(line);
        const expected = {
          text: lines.filter((line) => !isControl(line)).join(""),
          controls: lines.filter(isControl).length,
        };
        const bytes = encoder.encode(whole);
        const edges = [
          0,
          ...places.filter((at) => at <= bytes.length).toSorted((a, b) => a - b),
          bytes.length,
        ];
        const chunks = edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));
        expect(splitAll(chunks)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });
});

function splitAll(chunks: readonly (string | Uint8Array)[]): { text: string; controls: number } {
  const splitter = createControlLineSplitter();
  const pieces: SplitPiece[] = [];
  for (const chunk of chunks)
    pieces.push(...splitter.push(typeof chunk === "string" ? encoder.encode(chunk) : chunk));
  pieces.push(...splitter.end());
  const bytes = pieces.flatMap((piece) => (piece.kind === "bytes" ? [piece.bytes] : []));
  return { text: Buffer.concat(bytes).toString(), controls: pieces.length - bytes.length };
}
