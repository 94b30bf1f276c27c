import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createLevelDetector, defaultLevelWords } from "./level.ts";
import { createLineLevels } from "./line-level.ts";
import type { Level, StreamName } from "./stream.ts";

const detect = createLevelDetector();
const encoder = new TextEncoder();
const levelOf = (line: string, stream: StreamName = "stdout") => detect(encoder.encode(line), stream);

const lines: [line: string, level: Level][] = [
  ["ERROR: disk full", "ERROR"],
  ["Error: Cannot find module 'x'", "ERROR"],
  ["[WARN] low on memory", "WARN"],
  ["[warning] low on memory", "WARN"],
  ["  DEBUG starting", "DEBUG"],
  ["INFO:root:hello", "INFO"],
  ["FATAL could not bind", "ERROR"],
  ["<error> boom", "ERROR"],
  ["\u001b[31mERROR\u001b[0m red", "ERROR"],
  ["\u001b[33;1m[warn]\u001b[0m yellow", "WARN"],
  ["2026-11-22 07:01:30,123 ERROR app - x", "ERROR"],
  ["2026-11-22 07:01:30,123 - my.module - WARNING - x", "WARN"],
  ["2026-11-22T07:01:30.123Z debug x", "DEBUG"],
  ["2026-11-22T07:01:30+09:00 [main] ERROR com.example.App: x", "ERROR"],
  ["[2026-11-22 07:01:30] production.ERROR: x", "INFO"],
  ["07:01:30 | WARN | x", "WARN"],
  ["E1122 07:01:30.123456   1 main.go:1] boom", "ERROR"],
  ["W1122 07:01:30.123456   1 main.go:1] hm", "WARN"],
  ["I1122 07:01:30.123456   1 main.go:1] fine", "INFO"],
  ['{"level":50,"time":1,"msg":"x"}', "ERROR"],
  ['{"level":30,"msg":"ERROR"}', "INFO"],
  ['{"level":20,"msg":"x"}', "DEBUG"],
  ['{"time":"…","level":"warning","msg":"x"}', "WARN"],
  ['{"severity": "CRITICAL", "message": "x"}', "ERROR"],
  ['{"severity":"NOTICE"}', "INFO"],
  ['time="2026-11-22T07:01:30Z" level=error msg="x"', "ERROR"],
  ["level=warn msg=x", "WARN"],
  ["エラー: 接続できません", "ERROR"],
  ["【警告】残りわずか", "WARN"],
  ["［エラー］だめ", "ERROR"],
  ["異常終了しました", "ERROR"],
  ["2026/11/22 07:01:30 異常終了 コード=1", "ERROR"],
  ["　警告 全角の空白", "WARN"],
];

describe("the level of a line", () => {
  test.each(lines)("%s", (line, level) => {
    expect(levelOf(line)).toBe(level);
  });

  test.each([
    "",
    " ",
    "error handling is tested",
    "errors.log written",
    "0 errors, 0 warnings",
    "ERRORS: none of ours",
    "Information about warnings",
    "compiling error.ts",
    '{"msg":"no level"}',
    "エスカレーター",
    "[",
    "\u001b[",
    "12345",
  ])("is the stream's own where the line names none: %s", (line) => {
    expect(levelOf(line, "stdout")).toBe("INFO");
    expect(levelOf(line, "stderr")).toBe("WARN");
  });

  test("can be lower than the stream's own", () => {
    expect(levelOf("INFO: on stderr", "stderr")).toBe("INFO");
  });

  test("follows the words of the settings", () => {
    const custom = createLevelDetector({ ...defaultLevelWords, ERROR: ["Kaputt", "失敗"] });
    expect(custom(encoder.encode("kaputt: x"), "stdout")).toBe("ERROR");
    expect(custom(encoder.encode("失敗しました"), "stdout")).toBe("ERROR");
    expect(custom(encoder.encode("ERROR: x"), "stdout")).toBe("INFO");
  });

  test("does not depend on what lies behind a line's first 200 bytes", () => {
    const tail = "ERROR: ".repeat(2_000);
    expect(levelOf(" ".repeat(200) + tail)).toBe("INFO");
    expect(levelOf(`{"msg":"${"x".repeat(200)}","level":"error"}`)).toBe("INFO");
  });

  test("takes any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(["DEBUG", "INFO", "WARN", "ERROR"]).toContain(detect(bytes, "stdout"));
      }),
    );
  });

  test("is the first record's for all records of a long line, in each stream apart", () => {
    const levels = createLineLevels(detect);
    const record = (stream: StreamName, text: string, newline: boolean) => {
      const place = { kind: "output", sequence: 1, time: 1, level: "INFO" } as const;
      const entry = levels.judge({ ...place, stream, bytes: encoder.encode(text), newline });
      return entry.kind === "output" && entry.level;
    };
    expect(record("stdout", "ERROR: long", false)).toBe("ERROR");
    expect(record("stderr", "plain", true)).toBe("WARN");
    expect(record("stdout", "DEBUG: middle", false)).toBe("ERROR");
    expect(record("stdout", "end", true)).toBe("ERROR");
    expect(record("stdout", "next", true)).toBe("INFO");
  });
});
