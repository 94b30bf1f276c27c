import { expect, test } from "vitest";
import { formatLogAddress, parseLogAddress } from "./log-address.ts";

test.each([
  ["log/k7m2xqaf4t", { taskId: "k7m2xqaf4t", attempt: undefined, line: undefined }],
  ["log/k7m2xqaf4t/2", { taskId: "k7m2xqaf4t", attempt: 2, line: undefined }],
  ["log/k7m2xqaf4t/2/1000000", { taskId: "k7m2xqaf4t", attempt: 2, line: 1_000_000 }],
])("#%s leads to its line and back", (fragment, address) => {
  expect(parseLogAddress(fragment)).toEqual(address);
  expect(formatLogAddress(address)).toBe(`#${fragment}`);
});

test.each(["", "log/", "log/A", "log/k7m2xqaf4t/x", "content"])("#%s is no log", (fragment) => {
  expect(parseLogAddress(fragment)).toBeUndefined();
});
