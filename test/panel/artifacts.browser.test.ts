import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { claimed, createWorld, newTask, resultOf } from "../../packages/shared/src/queue/queue.harness.ts";
import { openSqliteQueue } from "../../packages/shared/src/queue/sqlite/index.ts";
import { expectAccessible, openPanel, type PanelHarness } from "./panel.harness.ts";

const count = 1200;

let panel: PanelHarness;
let id = "";

/** A task that has ended and left so many files. */
async function seed(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const world = createWorld();
  const clock = () => Date.now();
  const queue = await openSqliteQueue({ path, processes: world.processes, clock, random: randomBytes });
  ({
    task: { id },
  } = await queue.addTask(newTask()));
  const { lease } = await claimed(queue, world.holder(1));
  const files = Array.from({ length: count }, (_, n) => {
    return { path: `out/${String(n).padStart(4, "0")}`, bytes: 1, sha256: "ff".repeat(32), skipped: null };
  });
  await queue.recordArtifacts(lease, files);
  // Now: what is over its time would be removed.
  await queue.settle(lease, resultOf({ finishedAt: new Date(clock()).toISOString() }), null);
  await queue.close();
}

beforeAll(async () => {
  panel = await openPanel({ seed });
}, 90_000);
afterAll(() => panel[Symbol.asyncDispose](), 30_000);

test("of many artifacts the first are shown, and more when they are asked for", async () => {
  const page = await panel.open(`/tasks/${id}`, { language: "ja" });
  const items = page.locator(".items > li");
  await page.getByText("out/0499").waitFor();
  expect(await items.count()).toBe(500);
  await page.getByRole("button", { name: "さらに 500 件を表示（残り 700 件）" }).click();
  await page.getByText("out/0999").waitFor();
  expect(await items.count()).toBe(1000);
  await page.getByRole("button", { name: "さらに 200 件を表示（残り 200 件）" }).click();
  await page.getByText(`out/${String(count - 1)}`).waitFor();
  expect(await items.count()).toBe(count);
  expect(await page.getByRole("button", { name: "さらに" }).count()).toBe(0);
});

test("it says in English too how many are left", async () => {
  const page = await panel.open(`/tasks/${id}`);
  await page.getByRole("button", { name: "Show 500 more (700 are left)" }).click();
  expect(await page.getByRole("button", { name: "Show 200 more (200 are left)" }).count()).toBe(1);
  await expectAccessible(page);
});
