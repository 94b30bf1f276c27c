import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { createClusterSandbox } from "../cluster/environment.ts";
import { busybox } from "../cluster/submitted.ts";
import { expectAccessible, openPanel, password, shoot } from "./panel.harness.ts";

const inWords = {
  en: {
    token: "Administrator's token",
    name: "User name",
    password: "New password",
    make: "Make the account",
    newTask: "New task",
    title: "Title",
    image: "Image",
    script: "Script",
    queue: "Queue it",
    completed: "Completed",
    logs: "Logs of はじめてのタスク",
  },
  ja: {
    token: "管理者トークン",
    name: "ユーザー名",
    password: "新しいパスワード",
    make: "アカウントを作成",
    newTask: "タスクを作成",
    title: "タイトル",
    image: "イメージ",
    script: "スクリプト",
    queue: "キューに追加",
    completed: "正常終了",
    logs: "ログ: はじめてのタスク",
  },
} as const;

/** As a person types. */
async function type(page: Page, label: string, text: string): Promise<void> {
  const field = page.getByLabel(label, { exact: true });
  await field.click();
  await field.pressSequentially(text, { delay: 40 });
}

test.each(["en", "ja"] as const)(
  "whoever follows the screens has an account and a first task finished in a Pod within two minutes (%s)",
  { timeout: 180_000 },
  async (language) => {
    const words = inWords[language];
    await using panel = await openPanel({ cluster: await createClusterSandbox(), users: false });
    const from = performance.now();
    const page = await panel.open("/", { as: null, language });
    await type(page, words.token, panel.server().env["KERUTA_API_TOKEN"] ?? "");
    await type(page, words.name, "hanako");
    await type(page, words.password, password);
    await page.getByRole("button", { name: words.make }).click();
    await page.getByRole("link", { name: words.newTask }).first().click();
    await type(page, words.title, "はじめてのタスク");
    await type(page, words.image, busybox);
    await type(page, words.script, "echo hello from $HOSTNAME");
    await page.getByRole("button", { name: words.queue }).click();
    await page.getByRole("heading", { name: "はじめてのタスク" }).waitFor();
    await page
      .locator("main")
      .getByText(words.completed, { exact: true })
      .first()
      .waitFor({ timeout: 100_000 });
    await page.getByRole("button", { name: words.logs, exact: true }).first().click();
    await page.getByText("hello from keruta-").waitFor();
    const seconds = (performance.now() - from) / 1000;
    await shoot(page, `first-task-${language}`);
    console.log(`from the first screen to the first task's log: ${seconds.toFixed(0)} s (${language})`);
    expect(seconds).toBeLessThan(120);
  },
);

test(
  "a task in a Pod is watched live, cancelled, seen by others, and one that cannot start says what to do",
  { timeout: 240_000 },
  async () => {
    await using panel = await openPanel({ cluster: await createClusterSandbox(), workerApart: true });
    const script = 'for n in $(seq 1 2000); do echo "said $n"; sleep 0.05; done';
    const { id } = await panel.addTask({ title: "Talks in a Pod", spec: { image: busybox, script } });
    const page = await panel.open(`/tasks/${id}`);
    const other = await panel.open("/tasks", { as: "viewer", language: "ja" });
    await page.locator("main").getByText("Running", { exact: true }).first().waitFor({ timeout: 60_000 });
    await other.getByText("実行中", { exact: true }).first().waitFor();
    await page.getByRole("button", { name: "Logs" }).first().click();
    await page.locator(".log-text", { hasText: "said 20" }).first().waitFor();
    await shoot(page, "live-in-a-pod");
    await expectAccessible(page);

    await panel.restart();
    const last = async () =>
      Number(/\d+/.exec((await page.locator(".log-text").last().textContent()) ?? "")?.[0]);
    const before = await last();
    await expect.poll(last, { timeout: 30_000 }).toBeGreaterThan(before + 40);
    const numbers = (await page.locator(".log-text").allTextContents())
      .map((text) => Number(/\d+/.exec(text)?.[0]))
      .filter((number) => !Number.isNaN(number));
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));

    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Cancel task" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel them" }).click();
    await panel.settled(id, "CANCELLED");
    await other.locator("tbody").getByText("中止", { exact: true }).waitFor();

    const missing = await panel.addTask({
      title: "No such image",
      spec: { image: "localhost/keruta-test/none:1", script: "true" },
    });
    await page.goto(`/tasks/${missing.id}`);
    await page.getByText("Reason: ImagePull", { exact: false }).waitFor({ timeout: 90_000 });
    await page.getByRole("heading", { name: "What to do" }).waitFor();
    await shoot(page, "image-missing");
    await expectAccessible(page);

    const kept = await panel.addTask({
      title: "Leaves a file",
      spec: { image: busybox, script: "mkdir out; echo kept > out/a.txt", artifacts: { paths: ["out/**"] } },
    });
    await panel.settled(kept.id, "COMPLETED");
    await page.goto(`/tasks/${kept.id}`);
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "File: out/a.txt" }).click();
    const stream = await (await downloading).createReadStream();
    expect((await stream.toArray()).join("")).toBe("kept\n");
  },
);
