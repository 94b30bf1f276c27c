import type { LogRecord } from "@keruta/shared/domain";
import { expect, test } from "vitest";
import { messageOf } from "./message.ts";

const bytes = (...values: number[]) =>
  ({ message: "��", messageBase64: btoa(String.fromCharCode(...values)) }) as LogRecord;

test("bytes that are not UTF-8 are read as what one says they are", () => {
  const japan = "日本";
  expect(messageOf(bytes(0x93, 0xfa, 0x96, 0x7b), "shift_jis")).toBe(japan);
  expect(messageOf(bytes(0xc6, 0xfc, 0xcb, 0xdc), "euc-jp")).toBe(japan);
  expect(messageOf(bytes(0x93, 0xfa), "utf-8")).toBe("��");
});

test("what is UTF-8 stays it, beside lines that are not", () => {
  expect(messageOf({ message: "日本" } as LogRecord, "shift_jis")).toBe("日本");
});
