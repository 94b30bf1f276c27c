import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { line } from "../../packages/shared/src/queue/queue.harness.ts";
import { seedLogs } from "./log-seed.ts";
import { expectAccessible, openPanel, password, shoot, type PanelHarness } from "./panel.harness.ts";

let panel: PanelHarness;
beforeAll(async () => {
  panel = await openPanel({
    workerApart: true,
    seed: (database) =>
      seedLogs(database, [
        {
          title: "With a gap",
          count: 3,
          entry: (n) =>
            n === 2
              ? {
                  kind: "gap",
                  sequence: 2,
                  lastSequence: 2,
                  time: 1,
                  stdoutBytes: 9,
                  stderrBytes: null,
                  reason: "agent-killed",
                  why: "the node went <b>away</b>",
                }
              : line(n, `line ${String(n)}`),
        },
        {
          title: "Without DEBUG",
          count: 2,
          entry: (n) =>
            n === 1
              ? line(1, "kept")
              : {
                  kind: "gap",
                  sequence: 2,
                  lastSequence: 4,
                  time: 1,
                  stdoutBytes: 9,
                  stderrBytes: 0,
                  reason: "debug-dropped",
                  why: "a setting",
                },
        },
        {
          title: "Shift_JIS",
          count: 2,
          entry: (n) =>
            n === 1 ? line(1, "", { bytes: Uint8Array.of(0x93, 0xfa, 0x96, 0x7b) }) : line(2, "日本"),
        },
        {
          title: "Two streams in pieces",
          count: 3000,
          // A line of stdout goes on while whole lines of stderr come.
          entry: (n) =>
            line(n, `piece ${String(n)}`, {
              stream: n % 2 === 0 ? "stderr" : "stdout",
              newline: n % 2 === 0 || n % 7 === 0,
            }),
        },
      ]),
  });
});
afterEach(() => panel.closePages());
afterAll(() => panel[Symbol.asyncDispose](), 30_000);

const texts = (page: Page) => page.locator(".log-text").allTextContents();
const idOf = async (title: string) =>
  (await panel.api<{ items: { id: string }[] }>("GET", `/tasks?search=${encodeURIComponent(title)}`)).items[0]
    ?.id ?? "";

/** A task that writes a numbered line whenever the file has grown, until it says so. */
async function talker(title: string) {
  const file = join(panel.sandbox.directory, `${title.replaceAll(" ", "-")}.txt`);
  await writeFile(file, "");
  const script = `tail -n +1 -f ${file} & talking=$!; until [ -e ${file}.end ]; do sleep 0.1; done; sleep 0.3; kill $talking`;
  const { id } = await panel.addTask({ title, spec: { runner: "local", script } });
  await panel.settled(id, "IN_PROGRESS");
  return {
    id,
    say: (first: number, last: number) => {
      const lines = Array.from({ length: last - first + 1 }, (_, n) => `said ${String(first + n)}\n`);
      return writeFile(file, lines.join(""), { flag: "a" });
    },
    end: () => writeFile(`${file}.end`, ""),
  };
}

test("a live log is followed, let go on scrolling up, and tells of new lines", async () => {
  const task = await talker("Talks");
  await task.say(1, 200);
  const page = await panel.open("/");
  await page.getByRole("button", { name: "Logs of Talks" }).click();
  await page.getByText("said 200", { exact: true }).waitFor();
  await page.getByRole("dialog").getByText("Live", { exact: true }).waitFor();
  await task.say(201, 210);
  await page.getByText("said 210", { exact: true }).waitFor();
  await expect.poll(() => page.getByText("said 210", { exact: true }).isVisible()).toBe(true);
  await page.getByRole("log").hover();
  await page.mouse.wheel(0, -1500);
  await expect.poll(() => page.getByLabel("Follow").isChecked()).toBe(false);
  const before = await page.evaluate<number>("document.querySelector('.log-frame').scrollTop");
  await task.say(211, 240);
  await page.getByRole("button", { name: "30 new lines" }).waitFor();
  expect(await page.evaluate<number>("document.querySelector('.log-frame').scrollTop")).toBe(before);
  await shoot(page, "log-new-lines");
  await page.getByRole("button", { name: "30 new lines" }).click();
  await page.getByText("said 240", { exact: true }).waitFor();
  await expect.poll(() => page.getByLabel("Follow").isChecked()).toBe(true);
  await task.end();
  await page.getByRole("dialog").getByText("Ended", { exact: true }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
});

test("a connection that drops is made again, and no line is lost or doubled", async () => {
  const task = await talker("Dropped");
  await task.say(1, 5);
  const page = await panel.open(`/tasks/${task.id}#log/${task.id}`);
  await page.getByText("said 5", { exact: true }).waitFor();
  await panel.restart(async () => {
    await task.say(6, 40);
    await page.getByText("Disconnected, trying again; nothing is lost.").waitFor();
    await shoot(page, "log-disconnected");
  });
  await task.say(41, 45);
  await page.getByText("said 45", { exact: true }).waitFor({ timeout: 30_000 });
  await task.end();
  await page.getByRole("dialog").getByText("Ended", { exact: true }).waitFor();
  const said = (await texts(page)).filter((text) => text.startsWith("said"));
  expect(said).toEqual(Array.from({ length: 45 }, (_, n) => `said ${String(n + 1)}`));
});

test("a session that ends interrupts a live log only until the next login", async () => {
  await panel.send("POST", "/users", { name: "saburo", role: "operator", password });
  const task = await talker("Interrupted");
  await task.say(1, 5);
  const page = await panel.open(`/tasks/${task.id}#log/${task.id}`, { as: "saburo" });
  await page.getByText("said 5", { exact: true }).waitFor();
  // A new password ends all sessions.
  await panel.send("PATCH", "/users/saburo", { password: "another long password" });
  await panel.restart();
  const login = page.getByRole("dialog", { name: "Log in" });
  await login.waitFor();
  await page.getByText("Ended", { exact: true }).waitFor();
  await task.say(6, 10);
  await login.getByLabel("User name").fill("saburo");
  await login.getByLabel("Password").fill("another long password");
  await login.getByRole("button", { name: "Log in" }).click();
  await page.getByText("said 10", { exact: true }).waitFor();
  await page.getByRole("dialog").getByText("Live", { exact: true }).waitFor();
  await task.say(11, 12);
  await page.getByText("said 12", { exact: true }).waitFor();
  await task.end();
  await page.getByRole("dialog").getByText("Ended", { exact: true }).waitFor();
  expect((await texts(page)).filter((text) => text.startsWith("said"))).toHaveLength(12);
});

test("closing a log takes the step back that opening it was", async () => {
  const page = await panel.open("/");
  await page.getByRole("link", { name: "Tasks", exact: true }).click();
  await page.getByRole("button", { name: "Logs of With a gap" }).click();
  await page.getByRole("dialog").waitFor();
  await page.locator('[data-sequence="1"]').getByRole("link").click();
  await expect.poll(() => new URL(page.url()).hash).toMatch(/\/1\/1$/);
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  await expect.poll(() => new URL(page.url()).pathname + new URL(page.url()).hash).toBe("/tasks");
  await page.goBack();
  await expect.poll(() => new URL(page.url()).pathname).toBe("/");
  // To the list and on to the log, which is behind it.
  await page.goForward();
  await page.goForward();
  await page.getByRole("dialog").waitFor();
});

test("level, stream and keyword are the server's, times and wrapping the reader's", async () => {
  const script =
    "echo plain; echo 'ERROR broken pipe'; echo 'DEBUG detail'; echo 'to stderr' >&2; printf '\\033[31mred\\033[0m\\n'";
  const { id } = await panel.addTask({ title: "Filtered", spec: { runner: "local", script } });
  await panel.settled(id, "COMPLETED");
  const page = await panel.open(`/tasks#log/${id}`, { language: "ja" });
  await page.getByText("to stderr").waitFor();
  await page.getByLabel("レベル").selectOption("ERROR");
  await expect.poll(() => texts(page)).toEqual(["ERROR broken pipe"]);
  await page.getByLabel("レベル").selectOption("");
  await page.getByLabel("ストリーム").selectOption("stderr");
  await expect.poll(() => texts(page)).toEqual(["to stderr"]);
  await page.getByLabel("ストリーム").selectOption("");
  await page.getByLabel("キーワード").fill("ＤＥＴＡＩＬ");
  await page.keyboard.press("Enter");
  await expect.poll(() => texts(page)).toEqual(["DEBUG detail"]);
  await page.getByLabel("キーワード").fill("nothing has this");
  await page.keyboard.press("Enter");
  await page.getByText("該当する行はありません。").waitFor();
  await page.getByLabel("キーワード").fill("");
  await page.keyboard.press("Enter");
  await page.locator(".ansi-1").getByText("red", { exact: true }).waitFor();
  await page.getByLabel("時刻").uncheck();
  expect(await page.locator(".log-time").count()).toBe(0);
  await page.getByLabel("折り返し").uncheck();
  await page.reload();
  await page.getByText("to stderr").waitFor();
  expect(await page.getByLabel("折り返し").isChecked()).toBe(false);
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "ダウンロード" }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe(`${id}-1.log`);
  const stream = await download.createReadStream();
  expect((await stream.toArray()).join("")).toContain("\u001B[31mred\u001B[0m\n");
});

test("each attempt has its log", async () => {
  const script = "echo attempt $KERUTA_ATTEMPT; exit 1";
  const spec = { runner: "local", script, retry: { attempts: 2, on: ["Error"], backoff: "100ms" } };
  const { id } = await panel.addTask({ title: "Twice", spec });
  await panel.settled(id, "FAILED");
  const page = await panel.open(`/tasks/${id}`);
  await page.getByRole("button", { name: "Logs of Twice" }).first().click();
  await page.getByText("attempt 2", { exact: true }).waitFor();
  await page.getByLabel("Attempt").selectOption("1");
  await page.getByText("attempt 1", { exact: true }).waitFor();
  expect(new URL(page.url()).hash).toBe(`#log/${id}/1`);
});

test("what is missing is said where it is missing", async () => {
  const page = await panel.open(`/tasks#log/${await idOf("With a gap")}`);
  await page.getByText("Lines 2 to 2 are missing: the node went <b>away</b>").waitFor();
  expect(await texts(page)).toHaveLength(3);
  await expectAccessible(page);
  await shoot(page, "log-gap");
});

test("DEBUG lines that a setting leaves out are no loss", async () => {
  const page = await panel.open(`/tasks#log/${await idOf("Without DEBUG")}`);
  await page.getByText("3 lines of level DEBUG were not kept.").waitFor();
  expect(await page.locator(".log-gap").count()).toBe(0);
  await expectAccessible(page);
});

test("bytes of another encoding are read as what the reader says they are", async () => {
  const page = await panel.open(`/tasks#log/${await idOf("Shift_JIS")}`);
  await expect.poll(() => texts(page)).toEqual(["���{", "日本"]);
  await page.getByLabel("Encoding").selectOption("shift_jis");
  await expect.poll(() => texts(page)).toEqual(["日本", "日本"]);
});

test("no piece is left out where lines of both streams overlap", async () => {
  const page = await panel.open(`/tasks#log/${await idOf("Two streams in pieces")}`);
  await page.locator('[data-sequence="3000"]').waitFor();
  await page.getByRole("log").hover();
  const seen = new Set<number>();
  while (!seen.has(1)) {
    const shown = await page.evaluate<number[]>(
      "[...document.querySelectorAll('.log-row')].map((row) => Number(row.dataset.sequence))",
    );
    for (const sequence of shown) seen.add(sequence);
    await page.mouse.wheel(0, -4000);
  }
  expect(seen.size).toBe(3000);
});
