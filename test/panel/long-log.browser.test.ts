import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { Page } from "playwright-core";
import { line } from "../../packages/shared/src/queue/queue.harness.ts";
import { seedLogs } from "./log-seed.ts";
import { openPanel, shoot, type PanelHarness } from "./panel.harness.ts";

const lines = 1_000_000;
let panel: PanelHarness;
let id = "";

beforeAll(async () => {
  const entry = (n: number) =>
    line(n, `${n === 777_777 ? "NEEDLE " : ""}line ${String(n)} of the million, as long as such lines are`, {
      level: n % 100_000 === 0 ? "ERROR" : "INFO",
    });
  panel = await openPanel({
    seed: (database) => seedLogs(database, [{ title: "A million lines", count: lines, entry }]),
  });
  const { items } = await panel.api<{ items: { id: string }[] }>("GET", "/tasks?search=million");
  id = items[0]?.id ?? "";
}, 240_000);
afterEach(() => panel.closePages());
afterAll(() => panel[Symbol.asyncDispose](), 30_000);

const row = (page: Page, sequence: number) => page.locator(`[data-sequence="${String(sequence)}"]`);
const rowCount = (page: Page) => page.locator(".log-row").count();

test("it opens at its end within about a second, and scrolls up without a jump", async () => {
  const page = await panel.open("/tasks?search=million");
  await page.getByRole("link", { name: "A million lines" }).waitFor();
  const start = performance.now();
  await page.getByRole("button", { name: "Logs of A million lines" }).click();
  await row(page, lines).waitFor();
  const milliseconds = performance.now() - start;
  console.log(`a million lines open in ${String(Math.round(milliseconds))} ms`);
  expect(milliseconds).toBeLessThan(2500);
  await shoot(page, "million-end");
  const frame = page.getByRole("log");
  await frame.hover();
  let lowest = lines;
  while (lowest > lines - 3000) {
    const before = await topOf(page);
    await page.mouse.wheel(0, -400);
    await expect.poll(() => topOf(page)).toBeLessThan(before);
    const now = await topOf(page);
    // 400 pixels are some twenty lines; a page that comes in front moves nothing away.
    expect(before - now).toBeLessThan(60);
    lowest = now;
    expect(await rowCount(page)).toBeLessThanOrEqual(1200);
  }
});

test("Home leads to its beginning, and from there it scrolls down", async () => {
  const page = await panel.open(`/tasks#log/${id}`);
  await row(page, lines).waitFor();
  await page.keyboard.press("Home");
  await row(page, 1).waitFor();
  await page.getByText("Beginning of the log").waitFor();
  expect(await topOf(page)).toBe(1);
  await shoot(page, "million-start");
  await page.getByRole("log").hover();
  for (let last = 1; last < 2500; last = await topOf(page)) await page.mouse.wheel(0, 2000);
  expect(await rowCount(page)).toBeLessThanOrEqual(1200);
  await page.keyboard.press("End");
  await row(page, lines).waitFor();
});

test("a link leads to a line in the middle, and the number is a link", async () => {
  const page = await panel.open(`/tasks#log/${id}/1/500000`);
  await row(page, 500_000).waitFor();
  expect(await row(page, 500_000).evaluate((element) => element.classList.contains("is-target"))).toBe(true);
  const box = await row(page, 500_000).boundingBox();
  expect(box?.y).toBeGreaterThan(100);
  expect(box?.y).toBeLessThan(700);
  await shoot(page, "million-line");
  await page.getByLabel("Line", { exact: true }).last().fill("１２３４５");
  await page.keyboard.press("Enter");
  await row(page, 12_345).waitFor();
  expect(new URL(page.url()).hash).toBe(`#log/${id}/1/12345`);
  await page.getByRole("button", { name: "To the end" }).click();
  await row(page, lines).waitFor();
  await page.getByRole("button", { name: "Go", exact: true }).click();
  await row(page, 12_345).waitFor();
  await row(page, 12_346).getByRole("link").click();
  await expect.poll(() => new URL(page.url()).hash).toBe(`#log/${id}/1/12346`);
});

test("a word and a level are found in the whole of it", async () => {
  const page = await panel.open(`/tasks#log/${id}`);
  await page.getByLabel("Keyword").fill("needle");
  const start = performance.now();
  await page.keyboard.press("Enter");
  await row(page, 777_777).waitFor();
  console.log(`a word is found in ${String(Math.round(performance.now() - start))} ms`);
  await expect.poll(() => rowCount(page)).toBe(1);
  await page.getByLabel("Keyword").fill("");
  await page.keyboard.press("Enter");
  await page.getByLabel("Level").selectOption("ERROR");
  await row(page, 100_000).waitFor();
  expect(await rowCount(page)).toBe(10);
});

/** The sequence of the first row that is seen. */
async function topOf(page: Page): Promise<number> {
  return await page.evaluate<number>(`(() => {
    const frame = document.querySelector(".log-frame");
    const top = frame.getBoundingClientRect().top;
    const rows = [...frame.querySelectorAll(".log-row")];
    return Number(rows.find((row) => row.getBoundingClientRect().bottom > top + 1)?.dataset.sequence ?? 0);
  })()`);
}
