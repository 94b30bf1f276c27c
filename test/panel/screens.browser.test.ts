import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  accessFaults,
  expectAccessible,
  expectNoSideways,
  openPanel,
  shoot,
  type PanelHarness,
} from "./panel.harness.ts";

let panel: PanelHarness;
const ids: Record<string, string> = {};

beforeAll(async () => {
  panel = await openPanel();
  const add = async (name: string, title: string, script: string, change: object = {}, spec: object = {}) => {
    const { id } = await panel.addTask({ title, spec: { runner: "local", script, ...spec }, ...change });
    ids[name] = id;
    return id;
  };
  const done = await add(
    "done",
    "Build the docs / ドキュメントのビルド",
    "echo building; printf '\\033[32mok\\033[0m all is \\033[1;31mfine\\033[0m\\n'; mkdir -p out; echo x > out/index.html; echo 'WARN low space' >&2",
    {
      labels: { team: "docs", "example.com/tier": "nightly" },
      priority: 10,
      description: "Every night.\nTwo lines.",
    },
    { artifacts: { paths: ["out/**"] } },
  );
  await panel.settled(done, "COMPLETED");
  const failed = await add(
    "failed",
    "Nightly import",
    "echo starting; echo 'ERROR no such table' >&2; exit 7",
    {
      labels: { team: "data" },
    },
  );
  await panel.settled(failed, "FAILED");
  await add("held", "Rotate the keys", "true", {}, { hold: true });
  await add("later", "月次レポート", "true", {}, { notBefore: "2099-01-01T00:00:00Z" });
  const running = await add(
    "running",
    "Train the model",
    'for i in $(seq 1 2000); do echo "step $i of 2000"; sleep 0.3; done',
  );
  await panel.settled(running, "IN_PROGRESS");
}, 90_000);
afterEach(() => panel.closePages());
afterAll(() => panel[Symbol.asyncDispose](), 30_000);

const desktop = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };
const smallest = { width: 360, height: 640 };

describe.each(["en", "ja"] as const)("in %s", (language) => {
  test.each([
    ["status", () => "/"],
    ["tasks", () => "/tasks"],
    ["task", () => `/tasks/${ids["done"] ?? ""}`],
    ["failed-task", () => `/tasks/${ids["failed"] ?? ""}`],
    ["new-task", () => "/new-task"],
    ["account", () => "/account"],
    ["log", () => `/tasks#log/${ids["done"] ?? ""}`],
  ])("the screen %s is clean for axe in light and dark, and fits a phone", async (name, path) => {
    const page = await panel.open(path(), { language });
    await page.waitForSelector(name === "log" ? ".log-row" : "main h1");
    await expect.poll(() => page.getByText(/Loading…|読み込み中…|Checking…|確認中…/).count()).toBe(0);
    for (const theme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await page.setViewportSize(desktop);
      await expectAccessible(page);
      await shoot(page, `${name}-${language}-${theme}-desktop`);
      await page.setViewportSize(phone);
      await shoot(page, `${name}-${language}-${theme}-phone`);
    }
    await expectAccessible(page);
    await page.setViewportSize(smallest);
    await expectNoSideways(page);
  });
});

test("on a phone the navigation is behind a button", async () => {
  const page = await panel.open("/", { isPhone: true });
  await page.getByRole("button", { name: "Menu" }).click();
  await shoot(page, "menu-phone");
  await expectAccessible(page);
  await page.getByRole("link", { name: "Tasks", exact: true }).click();
  await page.getByRole("heading", { name: "Tasks" }).waitFor();
  expect(await page.getByRole("link", { name: "Status", exact: true }).isVisible()).toBe(false);
});

test("what is wrong with a page is found", async () => {
  const page = await panel.open("/");
  await page.waitForSelector("main h1");
  await page.evaluate('document.querySelector("main").append(document.createElement("button"))');
  expect(await accessFaults(page)).toEqual([expect.stringContaining("button-name")]);
});
