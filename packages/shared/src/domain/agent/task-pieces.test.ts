import { deflateRawSync, inflateRawSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { joinTaskPieces, maxTaskPieceBytes, taskPiecePrefix, taskPieces } from "./task-pieces.ts";

test("a task comes out of its pieces as it went in, whatever its size", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 250_000, size: "max" }), (bytes) => {
      const environment = Object.fromEntries(taskPieces(bytes));
      const joined = joinTaskPieces({ PATH: "/bin", ...environment });
      expect(Buffer.from(joined ?? []).equals(bytes)).toBe(true);
    }),
    { numRuns: 10 },
  );
});

test("no piece is longer than a variable holds, nor holds what the kubelet would expand", () => {
  const text = JSON.stringify({
    title: "$(HOME)".repeat(60_000),
    seed: Array.from({ length: 20_000 }, (_, index) => Math.sin(index)),
  });
  const pieces = taskPieces(deflateRawSync(text));
  expect(pieces.length).toBeGreaterThan(1);
  for (const [index, [name, value]] of pieces.entries()) {
    expect(name).toBe(`${taskPiecePrefix}${String(index)}`);
    expect(value.length).toBeLessThanOrEqual(maxTaskPieceBytes);
    expect(value).toMatch(/^[A-Za-z0-9+/=]+$/);
  }
  const joined = joinTaskPieces(Object.fromEntries(pieces)) ?? new Uint8Array();
  expect(inflateRawSync(joined).toString()).toBe(text);
});

test("a piece that is missing in between, or is no base64, is an error and not another task", () => {
  const environment = Object.fromEntries(taskPieces(new Uint8Array(200_000)));
  expect(() => joinTaskPieces({ ...environment, [`${taskPiecePrefix}1`]: undefined })).toThrow(TypeError);
  const { [`${taskPiecePrefix}0`]: _first, ...rest } = environment;
  expect(() => joinTaskPieces(rest)).toThrow("out of line");
  expect(() => joinTaskPieces({ [`${taskPiecePrefix}0`]: "$$$" })).toThrow("not base64");
});

test("without pieces there is no task", () => {
  expect(joinTaskPieces({ KERUTA_TASK_JSON_X: "a", HOME: "/root" })).toBeNull();
});
