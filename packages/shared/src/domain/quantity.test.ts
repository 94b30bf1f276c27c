import fc from "fast-check";
import { expect, test } from "vitest";
import { describeBytes, formatBytes, parseBytes, parseQuantity } from "./quantity.ts";

test.each([
  ["100Mi", 104_857_600],
  ["1Gi", 1_073_741_824],
  ["500m", 0.5],
  ["300m", 0.3],
  ["1e3", 1000],
  ["1E3", 1000],
  ["1E", 1e18],
  ["1.5", 1.5],
  [".5", 0.5],
  ["5.", 5],
  ["+2k", 2000],
  ["100u", 0.0001],
  ["0", 0],
])("reads %s as %d", (text, value) => {
  expect(parseQuantity(text)).toBe(value);
});

test.each(["", "-1", "1mi", "1 Gi", "Gi", "1KiB", "0x10", "1e", "8Ei", "1e30", "NaN", "1,5"])(
  "refuses %j",
  (text) => {
    expect(parseQuantity(text)).toBeUndefined();
  },
);

test("bytes are rounded up, as Kubernetes does", () => {
  expect(parseBytes("0.1Gi")).toBe(107_374_183);
  expect(parseBytes("1m")).toBe(1);
});

test("bytes beyond what a number holds exactly are refused", () => {
  expect(parseBytes("8Pi")).toBeUndefined();
  expect(parseBytes("7Pi")).toBe(7 * 1024 ** 5);
});

test("every canonical size is read back as its bytes", () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.nat({ max: 5 }), (number, power) => {
      const bytes = Math.floor(number / 1024 ** power) * 1024 ** power;
      expect(parseBytes(formatBytes(bytes))).toBe(bytes);
    }),
  );
});

test.each([
  [0, "0 B"],
  [812, "812 B"],
  [1536, "1.5 KiB"],
  [1_048_575, "1 MiB"],
  [1_073_741_824, "1 GiB"],
])("shows %i bytes as %s", (bytes, text) => {
  expect(describeBytes(bytes)).toBe(text);
});
