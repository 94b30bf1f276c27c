import { expect, test } from "vitest";
import { comparable, examplesIn, withOutputs } from "./examples.ts";

const page = [
  "# Guide",
  "```yaml file=conf/a.yaml mode=0600",
  "a: 1",
  "```",
  "```console run",
  "$ keruta add -- true",
  "k7m2xqaf4t",
  "$ echo $?",
  "0",
  "```",
  "```console",
  "$ not run",
  "```",
  "",
].join("\n");

test("marked fences are examples, others are not", () => {
  expect(examplesIn(page)).toEqual([
    { kind: "file", name: "conf/a.yaml", content: "a: 1\n", mode: 0o600 },
    {
      kind: "session",
      line: 5,
      steps: [
        { command: "keruta add -- true", output: "k7m2xqaf4t\n" },
        { command: "echo $?", output: "0\n" },
      ],
    },
  ]);
});

test("outputs are put under their commands", () => {
  expect(withOutputs(page, [["b3wq5nzd6e\n", "1\n"]])).toBe(
    page.replace("k7m2xqaf4t", "b3wq5nzd6e").replace("\n0\n", "\n1\n"),
  );
});

test("ids, times and durations may differ, and nothing else", () => {
  const one = "k7m2xqaf4t COMPLETED  3s after 41ms at 2026-01-31T09:30:00.000Z; `keruta logs k7m2xqaf4t`\n";
  const other = "b3wq5nzd6e COMPLETED 1m after 1.2s at 2027-01-31T09:30:00.000Z; `keruta logs b3wq5nzd6e`\n";
  expect(comparable(one)).toBe(comparable(other));
  expect(comparable(one)).not.toBe(comparable(other.replace("COMPLETED", "FAILED")));
  // The same id twice is not two ids.
  expect(comparable(one)).not.toBe(comparable(other.replace("logs b3wq5nzd6e", "logs k7m2xqaf4t")));
  expect(comparable("exit code 7")).not.toBe(comparable("exit code 8"));
});
