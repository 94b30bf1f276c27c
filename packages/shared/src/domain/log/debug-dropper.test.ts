import { describe, expect, test } from "vitest";
import { createDebugDropper } from "./debug-dropper.ts";
import type { LogEntry } from "./entry.ts";
import { createLineLevels } from "./line-level.ts";
import { createLevelDetector } from "./level.ts";

interface Given {
  readonly name: string;
  /** `o` and `e` for the stream, then the text; LF where there is one. */
  readonly entries: readonly string[];
  readonly left: readonly string[];
}

const table: readonly Given[] = [
  { name: "nothing of other levels", entries: ["oa\n", "eWARN: b\n"], left: ["oa\n", "eWARN: b\n"] },
  { name: "a run as one gap", entries: ["oDEBUG: a\n", "eDEBUG: bc\n", "oc\n"], left: ["1-2 9+10", "oc\n"] },
  { name: "level words in any form", entries: ["o[trace] a\n", 'e{"level":10}\n'], left: ["1-2 10+13"] },
  {
    name: "a long line as its beginning says",
    entries: ["oDEBUG: a", "oERROR: b", "oc\n", "oINFO: d", "oDEBUG: e\n"],
    left: ["1-3 18+0", "oINFO: d", "oDEBUG: e\n"],
  },
  {
    name: "a long line with the other stream's between, and says that it goes on",
    entries: ["oDEBUG: a", "eb\n", "oc\n"],
    left: ["1-1 8+0 stdout", "eb\n", "3-3 2+0"],
  },
  { name: "a line that has no end", entries: ["oa\n", "oDEBUG: b"], left: ["oa\n", "2-2 8+0 stdout"] },
];

const entriesOf = (texts: readonly string[]): readonly LogEntry[] => {
  const levels = createLineLevels(createLevelDetector());
  return texts.map((text, index) =>
    levels.judge({
      kind: "output",
      sequence: index + 1,
      time: index,
      stream: text.startsWith("o") ? "stdout" : "stderr",
      level: "INFO",
      bytes: new TextEncoder().encode(text.slice(1).replace("\n", "")),
      newline: text.endsWith("\n"),
    }),
  );
};

const textOf = (entry: LogEntry): string => {
  if (entry.kind === "output")
    return `${entry.stream === "stdout" ? "o" : "e"}${new TextDecoder().decode(entry.bytes)}${entry.newline ? "\n" : ""}`;
  if (entry.kind === "control") return entry.control.type;
  const { sequence, lastSequence, stdoutBytes, stderrBytes, unfinished = [] } = entry;
  const range = `${String(sequence)}-${String(lastSequence)} ${String(stdoutBytes)}+${String(stderrBytes)}`;
  return [range, ...unfinished].join(" ");
};

describe("takes out", () => {
  test.each(table)("$name", ({ entries, left }) => {
    const dropper = createDebugDropper();
    const kept = entriesOf(entries).flatMap((entry) => dropper.push([entry]));
    expect([...kept, ...dropper.flush()].map(textOf)).toEqual(left);
  });

  test("words of the agent's own tools too, and no other controls", () => {
    const dropper = createDebugDropper();
    const control = (sequence: number, of: LogEntry & { kind: "control" }) => ({ ...of, sequence });
    const log = {
      kind: "control",
      sequence: 1,
      time: 1,
      control: { type: "log", level: "DEBUG", message: "m" },
    } as const;
    const artifact = {
      kind: "control",
      sequence: 1,
      time: 1,
      control: { type: "artifact", path: "p" },
    } as const;
    const kept = dropper.push([control(1, log), control(2, artifact)]);
    expect(kept.map(textOf)).toEqual(["1-1 0+0", "artifact"]);
  });
});
