import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const file = join(import.meta.dirname, "small-heap.ts");

/** The most bytes that lay outside of the heap of a process that lets 1 GB through. */
function highest(setUp: string): number {
  const script = `
    import { createSweeper } from ${JSON.stringify(file)};
    ${setUp}
    let highest = 0;
    for (let count = 0; count < 32768; count += 1) {
      passed(Buffer.alloc(32768).length);
      if (count % 16 === 0) highest = Math.max(highest, process.memoryUsage().arrayBuffers);
    }
    console.log(highest);`;
  return Number(execFileSync(process.execPath, ["--input-type=module", "-e", script]).toString());
}

test("chunks that have passed a sweeper do not pile up", () => {
  const swept = highest("const { passed } = createSweeper();");
  expect(swept).toBeLessThan(32 << 20);
  expect(swept).toBeLessThan(highest("const passed = () => undefined;"));
});
