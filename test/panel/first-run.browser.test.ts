import { expect, test } from "vitest";
import { expectAccessible, openPanel, password, shoot } from "./panel.harness.ts";

test.each(["en", "ja"] as const)(
  "the first person is made with the server's token, and there is one first (%s)",
  async (language) => {
    const words = {
      en: ["Administrator's token", "User name", "New password", "Make the account", "Status", "Log in"],
      ja: ["管理者トークン", "ユーザー名", "新しいパスワード", "アカウントを作成", "状況", "ログイン"],
    };
    const [token = "", name = "", secret = "", make = "", status = "", logIn = ""] = words[language];
    await using panel = await openPanel({ users: false });
    const page = await panel.open("/", { as: null, language });
    await page.getByLabel(token).fill("krt_not_the_token");
    await page.getByLabel(name).fill("花子");
    await page.getByLabel(secret).fill("short");
    await expectAccessible(page);
    await shoot(page, `set-up-${language}`);
    expect(await page.getByRole("button", { name: make }).isDisabled()).toBe(true);
    await page.getByLabel(secret).fill(password);
    await page.getByRole("button", { name: make }).click();
    await page.getByRole("alert").waitFor();
    await page.getByLabel(token).fill(panel.server().env["KERUTA_API_TOKEN"] ?? "");
    await page.getByRole("button", { name: make }).click();
    await page.getByRole("heading", { name: status }).waitFor();
    const other = await panel.open("/", { as: null, language });
    await other.getByRole("heading", { name: logIn }).waitFor();
  },
);
