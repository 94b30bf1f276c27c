import { afterAll, beforeAll, expect, test } from "vitest";
import { expectNoSideways, openPanel, shoot, type PanelHarness } from "./panel.harness.ts";

/** Each would say so in a dialog or in the page, which the harness and the test look for. */
const script = `<script>document.title='pwned';alert(1)</script>`;
const image = `<img src=x onerror="alert(2)">`;
const turned = "\u202Egpj.exe\u202C";
const escape = "\u001B]0;pwned\u0007\u001B[31mred";
const hostile = `${script}${image}${turned}${escape} javascript:alert(3) {{7*7}}`;

let panel: PanelHarness;
let id = "";
beforeAll(async () => {
  panel = await openPanel();
  const file = `out/${image.replaceAll("/", "")}.html`;
  const task = await panel.addTask({
    title: hostile.slice(0, 200),
    description: `${hostile}\n${"w".repeat(500)}`,
    labels: { "a.b/c": "d" },
    spec: {
      runner: "local",
      env: { EVIL: hostile, FILE: file },
      script: `mkdir out; printf '<script>alert(4)</script>' > "$FILE"; printf '%s\\n' "$EVIL"; printf '${"A".repeat(3000)}\\n'; keruta-agent progress 50 "$EVIL" 2>/dev/null; exit 3`,
      artifacts: { paths: ["out/**"] },
    },
  });
  ({ id } = task);
  await panel.settled(id, "FAILED");
});
afterAll(() => panel[Symbol.asyncDispose](), 30_000);

test.each(["/", "/tasks", "task", "log", "edit", "search"])("nothing of a task runs on %s", async (where) => {
  const paths: Record<string, string> = {
    task: `/tasks/${id}`,
    log: `/tasks#log/${id}`,
    edit: `/tasks/${id}/copy`,
    search: `/tasks?search=${encodeURIComponent("<script>")}&label=${encodeURIComponent(image)}`,
  };
  for (const isPhone of [false, true]) {
    const page = await panel.open(paths[where] ?? where, { isPhone });
    await page.waitForSelector(where === "log" ? ".log-row" : "main h1");
    if (where === "task") await page.getByText("onerror").first().waitFor();
    await shoot(page, `hostile-${where.replaceAll("/", "")}-${isPhone ? "phone" : "desktop"}`);
    await expectNoSideways(page);
    const made = await page.evaluate<number>(
      "document.querySelectorAll('main img, dialog img, main script, dialog script, a[href^=javascript]').length",
    );
    expect(made).toBe(0);
    expect(await page.title()).toMatch(/– keruta$/);
    // Where it is shown as text, what turns text around is shown as a sign.
    const text = await page.evaluate<string>("document.body.innerText");
    expect(text).not.toContain("\u202E");
    await page.context().close();
  }
});

test("an artifact is saved, never shown", async () => {
  const page = await panel.open(`/tasks/${id}`);
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: /^File: out/ }).click();
  expect((await downloading).suggestedFilename()).toMatch(/\.html$/);
});

test("the page lets nothing in that is not its own", async () => {
  const answer = await fetch(`${panel.server().url}/tasks/x`);
  const policy = answer.headers.get("content-security-policy") ?? "";
  for (const part of [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "frame-ancestors 'none'",
  ]) {
    expect(policy).toContain(part);
  }
  const page = await panel.open("/tasks");
  const inlineRan = await page.evaluate<boolean>(`(() => {
    const script = document.createElement("script");
    try { script.textContent = "window.ran = true"; document.head.append(script); } catch {}
    return window.ran === true;
  })()`);
  expect(inlineRan).toBe(false);
  panel.forgetFaults(/Content Security Policy|TrustedScript|Trusted Type/);
});
