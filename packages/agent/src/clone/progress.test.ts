import fc from "fast-check";
import { expect, test } from "vitest";
import { createProgressLines } from "./progress.ts";

function collect(chunks: readonly string[], clock: () => number = () => 0) {
  const lines: string[] = [];
  const progress = createProgressLines({
    clock,
    hide: (text) => text,
    onLine: (line) => void lines.push(line),
  });
  for (const chunk of chunks) progress.write(chunk);
  progress.end();
  return { lines, words: progress.words };
}

test("what git redraws becomes a line every two seconds, what it ends does at once", () => {
  let now = 0;
  const redrawn = Array.from(
    { length: 100 },
    (_, percent) => `Receiving objects: ${String(percent)}% (1/2)\r`,
  );
  const { lines } = collect([...redrawn, "Receiving objects: 100% (2/2), done.\n"], () => (now += 100));
  expect(lines.length).toBeLessThan(10);
  expect(lines.at(-1)).toBe("Receiving objects: 100% (2/2), done.");
});

test("progress is not among the words that explain a failure", () => {
  const { words } = collect(["remote: Counting objects: 100% (5/5), done.\nfatal: early EOF\n"]);
  expect(words).toEqual(["fatal: early EOF"]);
});

test("a server cannot move the terminal's cursor or fill the memory", () => {
  const { lines } = collect(["remote: \u001b[2J\u0007hello\n", "x".repeat(100_000)]);
  expect(lines[0]).toBe("remote: [2Jhello");
  expect(lines.join("")).not.toContain("\u001b");
});

test("lines are the same however the output is cut", () => {
  const text = "remote: a\r\nfatal: b\nerror: c";
  fc.assert(
    fc.property(fc.array(fc.nat(text.length), { maxLength: 5 }), (cuts) => {
      const points = [0, ...cuts.toSorted((a, b) => a - b), text.length];
      const chunks = points.slice(1).map((end, index) => text.slice(points[index], end));
      expect(collect(chunks).words).toEqual(["remote: a", "fatal: b", "error: c"]);
    }),
  );
});
