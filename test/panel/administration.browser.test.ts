import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  expectAccessible,
  expectNoSideways,
  openPanel,
  password,
  shoot,
  type PanelHarness,
} from "./panel.harness.ts";

let panel: PanelHarness;
beforeAll(async () => {
  panel = await openPanel();
}, 90_000);
afterAll(() => panel[Symbol.asyncDispose](), 30_000);

const screens = ["settings", "log-settings", "workers", "access", "audit"];

describe.each(["en", "ja"] as const)("in %s", (language) => {
  test.each(screens)(
    "the screen %s is clean for axe, light and dark, on a desktop and a phone",
    async (name) => {
      for (const [theme, isPhone] of [
        ["light", false],
        ["dark", true],
      ] as const) {
        const page = await panel.open(`/${name}`, { language, theme, isPhone });
        await page.waitForSelector("main h1");
        await expect.poll(() => page.getByText(/Loading…|読み込み中…/).count()).toBe(0);
        await expectAccessible(page);
        await expectNoSideways(page);
        await shoot(page, `${name}-${language}-${theme}-${isPhone ? "phone" : "desktop"}`);
        await page.context().close();
      }
    },
  );
});

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });

describe("settings", () => {
  test("a wrong value is told while it is typed, a right one is saved and survives a restart", async () => {
    const page = await panel.open("/log-settings", { language: "ja" });
    const field = page.getByRole("textbox", { name: "logs.rotate.age" });
    await field.fill("soon");
    await expect.poll(() => page.getByText(/30m や 1h30m/).count()).toBe(1);
    expect(await button(page, "保存").isDisabled()).toBe(true);
    await field.fill("3d");
    await button(page, "保存").click();
    await page.getByText("設定を保存しました。").waitFor();
    await panel.restart();
    await page.reload();
    expect(await page.getByRole("textbox", { name: "logs.rotate.age" }).inputValue()).toBe("3d");
    await button(page, /logs\.rotate\.age を既定値に戻す/).click();
    await button(page, "保存").click();
    await expect.poll(() => page.getByRole("textbox", { name: "logs.rotate.age" }).inputValue()).toBe("7d");
  });

  test("two browsers see each other's changes", async () => {
    const [one, other] = [await panel.open("/settings"), await panel.open("/settings")];
    await one.getByRole("textbox", { name: "kubernetes.default-namespace" }).fill("builds");
    await button(one, "Save").click();
    await one.getByText("The settings are saved.").waitFor();
    await other.reload();
    expect(await other.getByRole("textbox", { name: "kubernetes.default-namespace" }).inputValue()).toBe(
      "builds",
    );
  });

  test("the connection test tells what was checked", async () => {
    const page = await panel.open("/settings");
    await button(page, "Test the connection").click();
    await expect.poll(() => page.getByText("database", { exact: true }).count()).toBe(1);
    await shoot(page, "connection-test");
  });

  test("a test of notifications says that none is set up", async () => {
    const page = await panel.open("/log-settings");
    await button(page, "Send a test").click();
    await expect
      .poll(() =>
        page
          .locator(".note")
          .getByText(/channel/)
          .count(),
      )
      .toBe(1);
    await shoot(page, "notify-test");
  });

  test("a viewer looks, and can change nothing", async () => {
    const page = await panel.open("/settings", { as: "viewer" });
    const field = page.getByLabel("kubernetes.default-image");
    await field.waitFor();
    expect(await field.isEditable()).toBe(false);
    expect(await page.getByLabel("kubernetes.enabled").isDisabled()).toBe(true);
    expect(await button(page, "Test the connection").count()).toBe(0);
    await page.goto("/access");
    await page.getByRole("heading", { name: "Your role may not do this." }).waitFor();
    const csrf = (await (await page.context().request.get("/api/sessions/current")).json()) as {
      csrfToken: string;
    };
    const headers = { "x-csrf-token": csrf.csrfToken };
    const answer = await page.context().request.patch("/api/settings", { headers, data: { values: {} } });
    expect(answer.status()).toBe(403);
  });
});

describe("tokens and users", () => {
  test("a token is shown once, works, and is worth nothing once revoked", async () => {
    const page = await panel.open("/access");
    await button(page, "Make a token").click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name", { exact: true }).fill("ci <b>");
    await dialog.getByLabel("Role").selectOption("viewer");
    await dialog.getByRole("button", { name: "Make a token" }).click();
    const token = (await dialog.locator(".secret").textContent()) ?? "";
    await shoot(page, "token-made");
    for (let times = 0; times < 3; times += 1) await page.keyboard.press("Escape");
    await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })");
    await dialog.getByRole("button", { name: "Copy" }).click();
    // Said in the dialog, behind which nothing can be clicked.
    const said = page.getByRole("status").filter({ hasText: /The token is selected/ });
    await said.waitFor();
    expect(await page.evaluate("getSelection().toString()")).toBe(token);
    await said.getByRole("button", { name: "Close" }).click();
    await said.waitFor({ state: "hidden" });
    await dialog.getByRole("button", { name: "Done" }).click();
    const asks = async () =>
      (await fetch(`${panel.server().url}/api/queue`, { headers: { authorization: `Bearer ${token}` } }))
        .status;
    expect(await asks()).toBe(200);
    await page.getByText("ci <b>").waitFor();
    expect(await page.getByText(token).count()).toBe(0);
    await button(page, "Revoke ci <b>").click();
    await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await expect.poll(asks).toBe(401);
  });

  test("a person is added, logs in, gets another role, and is removed", async () => {
    const page = await panel.open("/access", { language: "ja" });
    await button(page, "ユーザーを追加").click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("ユーザー名").fill("次郎");
    await dialog.getByLabel("パスワード").fill("short");
    await dialog.getByText("12 文字未満です。").waitFor();
    await dialog.getByLabel("パスワード").fill(password);
    await dialog.getByRole("button", { name: "保存" }).click();
    await page.getByRole("cell", { name: "次郎", exact: true }).waitFor();
    const theirs = await panel.open("/tasks", { as: "次郎" });
    await theirs.getByRole("heading", { name: "Tasks" }).waitFor();
    await button(page, "次郎 を変更").click();
    await page.getByRole("dialog").getByLabel("ロール").selectOption("viewer");
    await page.getByRole("dialog").getByRole("button", { name: "保存" }).click();
    await expect.poll(() => page.getByRole("row", { name: /次郎.*viewer/ }).count()).toBe(1);
    await button(page, "次郎 を削除").click();
    await page.getByRole("dialog").getByRole("button", { name: "削除" }).click();
    await expect.poll(() => page.getByRole("cell", { name: "次郎", exact: true }).count()).toBe(0);
    const answer = await theirs.context().request.get("/api/queue");
    expect(answer.status()).toBe(401);
  });

  test("what was done is in the audit log", async () => {
    const page = await panel.open("/audit");
    await expect.poll(() => page.getByText("token.create").count()).toBeGreaterThan(0);
    await expect.poll(() => page.getByText("user.add").count()).toBeGreaterThan(0);
  });
});

test("the queue is paused and resumed", async () => {
  const page = await panel.open("/workers");
  await button(page, "Pause the queue").click();
  await page.getByRole("dialog").getByRole("button", { name: "Pause the queue" }).click();
  await page.getByText("The queue is paused: no task is started.").waitFor();
  expect(await panel.api<{ paused: boolean }>("GET", "/queue")).toMatchObject({ paused: true });
  await button(page, "Resume the queue").click();
  await page.getByText("The queue hands out tasks.").waitFor();
});
