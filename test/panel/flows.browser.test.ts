import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { TaskListJson } from "../../packages/shared/src/domain/index.ts";
import { openPanel, password, shoot, type PanelHarness } from "./panel.harness.ts";

let panel: PanelHarness;
beforeAll(async () => {
  panel = await openPanel();
});
afterEach(() => panel.closePages());
afterAll(() => panel[Symbol.asyncDispose](), 30_000);

const local = (script: string, spec: object = {}) => ({ runner: "local", script, ...spec });

async function logIn(page: Page, name: string, given = password): Promise<void> {
  await page.getByLabel("User name").fill(name);
  await page.getByLabel("Password").fill(given);
  await page.getByRole("button", { name: "Log in" }).click();
}

test("a person logs in, reloads, logs out, and is told of a wrong password", async () => {
  const page = await panel.open("/tasks", { as: null });
  await logIn(page, "花子", "wrong password 1");
  await page.getByRole("alert").getByText("The name or the password is wrong.").waitFor();
  await shoot(page, "login-wrong");
  await logIn(page, "花子");
  await page.getByRole("heading", { name: "Tasks" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Tasks" }).waitFor();
  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByRole("heading", { name: "Log in" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Log in" }).waitFor();
  expect(await page.context().cookies()).toEqual([]);
});

test("a token logs in too, stays in its tab, and downloads", async () => {
  const page = await panel.open("/", { as: null });
  await page.getByRole("button", { name: "Use a token instead" }).click();
  await page.getByLabel("Token").fill(panel.server().env["KERUTA_API_TOKEN"] ?? "");
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("link", { name: "token:first-admin" }).waitFor();
  const { id } = await panel.addTask({ title: "for a token", spec: local("echo by token") });
  await panel.settled(id, "COMPLETED");
  await page.goto(`/tasks/${id}#log/${id}`);
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).click();
  const stream = await (await downloading).createReadStream();
  expect((await stream.toArray()).join("")).toBe("by token\n");
  const other = await page.context().newPage();
  await other.goto("/");
  await other.getByRole("heading", { name: "Log in" }).waitFor();
});

test("a session that ends asks for the password, and what was typed is still there", async () => {
  await panel.send("POST", "/users", { name: "taro", role: "operator", password });
  const page = await panel.open("/new-task", { as: "taro" });
  await page.getByLabel("Title").fill("half typed");
  // A new password ends all sessions.
  await panel.send("PATCH", "/users/taro", { password: "another long password" });
  await page.getByLabel("Script", { exact: true }).fill("true");
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  await shoot(page, "expired");
  // The second one a browser does not let a page prevent.
  for (let times = 0; times < 3; times += 1) {
    await page.keyboard.press("Escape");
    await expect.poll(() => dialog.isVisible()).toBe(true);
  }
  await logIn(page, "taro", "another long password");
  await dialog.waitFor({ state: "detached" });
  expect(await page.getByLabel("Title").inputValue()).toBe("half typed");
  await page.getByRole("button", { name: "Queue it" }).click();
  await page.getByRole("heading", { name: "half typed" }).waitFor();
});

test("who logs in again in another tab goes on in this one", async () => {
  const { id } = await panel.addTask({ title: "in two tabs", spec: local("true", { hold: true }) });
  const page = await panel.open(`/tasks/${id}`);
  const again = await page.context().request.post("/api/sessions", { data: { name: "花子", password } });
  expect(again.status()).toBe(201);
  await page.getByRole("button", { name: "Cancel task" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Cancel them" }).click();
  await dialog.getByText("1 done, 0 failed.").waitFor();
  expect(await page.getByText("Your session has ended.").count()).toBe(0);
});

test("a change of screen leads the focus to its heading", async () => {
  const { id } = await panel.addTask({ title: "gets the focus", spec: local("true", { hold: true }) });
  const page = await panel.open("/");
  const hasFocus = (name: string) =>
    page.getByRole("heading", { name, level: 1 }).evaluate((element) => element.matches(":focus"));
  await page.getByRole("link", { name: "Tasks", exact: true }).click();
  await expect.poll(() => hasFocus("Tasks")).toBe(true);
  await page.getByRole("link", { name: "gets the focus" }).click();
  await expect.poll(() => hasFocus("gets the focus")).toBe(true);
  await page.goBack();
  await expect.poll(() => hasFocus("Tasks")).toBe(true);
  await page.goto(`/tasks/${id}`);
  expect(await hasFocus("gets the focus")).toBe(false);
});

test("who is bound to namespaces is not offered what concerns all", async () => {
  await panel.send("POST", "/users", { name: "bound", role: "operator", password, namespaces: ["builds"] });
  const page = await panel.open("/", { as: "bound" });
  await page.getByRole("heading", { name: "Status" }).waitFor();
  expect(await page.getByRole("link", { name: "Workers" }).count()).toBe(0);
  await page.goto("/workers");
  await page.getByRole("heading", { name: /bound to namespaces/ }).waitFor();
});

test("people change their own password, and log in with it", async () => {
  await panel.send("POST", "/users", { name: "jiro", role: "viewer", password });
  const page = await panel.open("/account", { as: "jiro" });
  await page.getByLabel("Current password").fill("not this one, no");
  await page.getByLabel("New password").fill("short");
  await page.getByText("It has fewer than 12 characters.").waitFor();
  await page.getByLabel("New password").fill("a new long password");
  await page.getByRole("button", { name: "Change it" }).click();
  await page.getByRole("alert").getByText("The name or the password is wrong.").waitFor();
  await page.getByLabel("Current password").fill(password);
  await page.getByRole("button", { name: "Change it" }).click();
  await page.getByRole("heading", { name: "Log in" }).waitFor();
  await page.getByText("The password is changed.").waitFor();
  await logIn(page, "jiro", "a new long password");
  await page.getByRole("heading", { name: "Your account" }).waitFor();
  expect(await page.getByRole("heading", { name: "Log in" }).count()).toBe(0);
});

test("a viewer is offered nothing that changes anything, and the API refuses it anyway", async () => {
  const { id } = await panel.addTask({ title: "not the viewer's", spec: local("true", { hold: true }) });
  const page = await panel.open("/tasks", { as: "viewer" });
  await page.getByRole("link", { name: "not the viewer's" }).waitFor();
  expect(await page.getByRole("checkbox").count()).toBe(0);
  expect(await page.getByRole("link", { name: "New task" }).count()).toBe(0);
  await page.getByRole("link", { name: "not the viewer's" }).click();
  await page.getByRole("heading", { name: "not the viewer's" }).waitFor();
  for (const name of ["Cancel task", "Delete", "Retry"]) {
    expect(await page.getByRole("button", { name, exact: true }).count()).toBe(0);
  }
  for (const path of ["/new-task", `/tasks/${id}/edit`, `/tasks/${id}/copy`]) {
    await page.goto(path);
    await page.getByRole("heading", { name: "Your role may not do this." }).waitFor();
  }
  const statuses = await page.evaluate<number[]>(`(async () => {
    const session = await (await fetch("/api/sessions/current")).json();
    const ask = async (method, path, body) => (await fetch("/api" + path, {
      method, headers: { "content-type": "application/json", "x-csrf-token": session.csrfToken }, body,
    })).status;
    return [
      await ask("POST", "/tasks", JSON.stringify({ title: "x", spec: {} })),
      await ask("POST", "/tasks/render", JSON.stringify({ title: "x", spec: {} })),
      await ask("POST", "/tasks/${id}/cancel"),
      await ask("PATCH", "/tasks/${id}", JSON.stringify({ title: "mine" })),
      await ask("DELETE", "/tasks/${id}"),
      await ask("GET", "/users"),
    ];
  })()`);
  expect(statuses).toEqual([403, 403, 403, 403, 403, 403]);
});

test("a task is made by the keyboard alone, seen to its end, and copied with a change", async () => {
  const page = await panel.open("/tasks");
  await page.getByRole("link", { name: "New task" }).focus();
  await page.keyboard.press("Enter");
  await page.getByLabel("Title").waitFor();
  const title = page.getByLabel("Title");
  await expect.poll(() => title.evaluate((element) => element.matches(":focus"))).toBe(true);
  await page.keyboard.type("By keyboard");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Control+A");
  await page.keyboard.type("high");
  await page.getByText("It is no whole number.").waitFor();
  await page.keyboard.press("Control+A");
  await page.keyboard.type("7");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Tab");
  await page.keyboard.type("echo one; mkdir out; echo kept > out/file.txt");
  await page.getByLabel("Artifacts").focus();
  await page.keyboard.type("out/**");
  await page.getByText("The task is valid.").waitFor();
  await shoot(page, "form-filled");
  await page.getByLabel("Title").focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "By keyboard" }).waitFor();
  await page.locator("main").getByText("Completed", { exact: true }).first().waitFor();
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "File: out/file.txt" }).click();
  const stream = await (await downloading).createReadStream();
  expect((await stream.toArray()).join("")).toBe("kept\n");

  await page.getByRole("link", { name: "Copy and run" }).click();
  await page.getByLabel("Script", { exact: true }).fill("exit 4");
  await page.getByLabel("Title").fill("Copied");
  await page.getByRole("button", { name: "Queue it" }).click();
  await page.getByRole("heading", { name: "Copied" }).waitFor();
  await page.getByText("Reason: Error").waitFor();
  await page.getByRole("heading", { name: "What to do" }).waitFor();
});

test("leaving a form that is not saved is asked about", async () => {
  const page = await panel.open("/new-task");
  await page.getByRole("link", { name: "Tasks", exact: true }).click();
  await page.getByRole("link", { name: "New task" }).click();
  await page.getByLabel("Title").fill("not yet");
  const asked = page.waitForEvent("dialog");
  await page.getByRole("link", { name: "Tasks", exact: true }).click();
  expect((await asked).message()).toBe("What you have typed here is not saved. Leave it?");
  expect(await page.getByLabel("Title").inputValue()).toBe("not yet");
  panel.forgetFaults(/^a dialog: /);
});

test("what the form does not show is entered as JSON, and what the rules say comes while it is typed", async () => {
  const page = await panel.open("/new-task");
  await page.getByLabel("Title").fill("As JSON");
  await page.getByLabel("Script", { exact: true }).fill("true");
  await page.getByLabel("Environment").fill("KERUTA_X=1");
  await page
    .getByText(/KERUTA_/)
    .last()
    .waitFor();
  expect(await page.getByRole("button", { name: "Queue it" }).isDisabled()).toBe(true);
  await shoot(page, "form-wrong");
  await page.getByLabel("Environment").fill("A=1");
  await page.getByLabel("Runner").selectOption("kubernetes");
  await page.getByLabel("Image").fill("example/docs:1");
  await page.getByText("kind: Job").waitFor();
  await shoot(page, "form-job");
  await page.getByRole("button", { name: "JSON" }).click();
  const text = page.getByLabel("The task as JSON");
  const document = JSON.parse(await text.inputValue()) as { spec: Record<string, unknown> };
  expect(document.spec).toEqual({
    runner: "kubernetes",
    image: "example/docs:1",
    script: "true",
    env: { A: "1" },
  });
  await text.fill("{");
  await page.getByText(/It is no JSON/).waitFor();
  await text.fill(
    JSON.stringify({ ...document, spec: { ...document.spec, imagePullPolicy: "Sometimes", hold: true } }),
  );
  await page
    .getByText(/imagePullPolicy/)
    .last()
    .waitFor();
  await text.fill(
    JSON.stringify({ ...document, spec: { ...document.spec, imagePullPolicy: "Never", hold: true } }),
  );
  await page.getByText("The task is valid.").waitFor();
  await page.getByRole("button", { name: "Queue it" }).click();
  await page.getByRole("heading", { name: "As JSON" }).waitFor();
  await page.getByText("imagePullPolicy: Never").waitFor();
  await page.getByRole("link", { name: "Edit" }).click();
  await page.getByLabel("Title").fill("Edited");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("heading", { name: "Edited" }).waitFor();
  await page.getByText("imagePullPolicy: Never").waitFor();
});

test("Enter that ends a conversion submits nothing", async () => {
  const page = await panel.open("/tasks");
  const search = page.getByLabel("Search in title, description and id");
  await search.fill("へんかん");
  for (const init of [
    { isComposing: true, keyCode: 13 },
    { isComposing: false, keyCode: 229 },
  ]) {
    const wasPrevented = await search.evaluate(
      (element, how) =>
        !element.dispatchEvent(
          Object.assign(
            new (
              globalThis as never as { KeyboardEvent: new (type: string, init: object) => never }
            ).KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...how }),
          ),
        ),
      init,
    );
    expect(wasPrevented).toBe(true);
  }
  expect(new URL(page.url()).search).toBe("");
  await search.press("Enter");
  await expect.poll(() => new URL(page.url()).searchParams.get("search")).toBe("へんかん");
});

test("a title is composed by an input method, and is whole when it is confirmed", async () => {
  const page = await panel.open("/new-task");
  await page.getByLabel("Title").click();
  // The browser's own pipeline of an input method; what lies before it, a system's, is not here.
  const input = await page.context().newCDPSession(page);
  for (const text of ["ｈ", "へ", "へん", "へんか", "へんかん", "変換"]) {
    await input.send("Input.imeSetComposition", {
      text,
      selectionStart: text.length,
      selectionEnd: text.length,
    });
    expect(await page.getByLabel("Title").inputValue()).toBe(text);
  }
  // Enter takes the conversion, and is the input method's: nothing is queued.
  await input.send("Input.dispatchKeyEvent", {
    type: "rawKeyDown",
    key: "Process",
    code: "Enter",
    windowsVirtualKeyCode: 229,
  });
  await input.send("Input.insertText", { text: "変換" });
  expect(await page.getByLabel("Title").inputValue()).toBe("変換");
  await page.getByLabel("Script", { exact: true }).fill("true");
  await page.getByText("The task is valid.").waitFor();
  expect(new URL(page.url()).pathname).toBe("/new-task");
  await page.getByRole("button", { name: "Queue it" }).click();
  await page.getByRole("heading", { name: "変換" }).waitFor();
});

test("the list is searched, filtered, sorted and paged, and its address says how", async () => {
  const add = (title: string, change: object) =>
    panel.addTask({ title, spec: local("true", { hold: true }), ...change });
  for (let n = 0; n < 55; n += 1)
    await add(`ＰＡＧＥＤ ${String(n)}`, { priority: n % 5, labels: { set: "paged" } });
  const page = await panel.open("/tasks");
  await page.getByLabel("Search in title, description and id").fill("paged");
  await page.keyboard.press("Enter");
  await page.getByText("55 tasks").waitFor();
  const asked = Promise.withResolvers<undefined>();
  await page.route(/api\/tasks\?.*cursor=/, async (route) => {
    await asked.promise;
    await route.continue();
  });
  const next = page.getByRole("button", { name: "Next page" });
  await next.click();
  await next.dispatchEvent("click");
  asked.resolve(undefined);
  await expect.poll(() => page.locator("tbody tr").count()).toBe(5);
  expect(new URL(page.url()).searchParams.get("page")).not.toContain("~");
  await page.reload();
  await expect.poll(() => page.locator("tbody tr").count()).toBe(5);
  await page.getByLabel("Order").selectOption("priority");
  await expect.poll(() => page.locator("tbody tr").first().locator(".cell-number").textContent()).toBe("4");
  await page.getByLabel("Labels").fill("set=other");
  await page.keyboard.press("Enter");
  await page.getByText("No task matches.").waitFor();
  await page.getByRole("button", { name: "Clear" }).click();
  await page.getByRole("button", { name: "Failed" }).click();
  await expect.poll(() => new URL(page.url()).searchParams.get("status")).toBe("FAILED");
});

test("many tasks are cancelled and deleted at once, with what became of each", async () => {
  for (let n = 0; n < 3; n += 1) {
    await panel.addTask({ title: `bulk ${String(n)}`, spec: local("true", { hold: true }) });
  }
  const page = await panel.open("/tasks?search=bulk");
  const other = await panel.open("/tasks?search=bulk");
  await other.getByText("3 tasks").waitFor();
  await page.getByLabel("Choose all on this page").check();
  await page.getByText("3 chosen").waitFor();
  await page.getByRole("button", { name: "Cancel task", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("Cancel 3 tasks?").waitFor();
  await shoot(page, "bulk-confirm");
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  const button = page.getByRole("button", { name: "Cancel task", exact: true });
  expect(await button.evaluate((element) => element.matches(":focus"))).toBe(true);
  await button.click();
  await dialog.getByRole("button", { name: "Cancel them" }).click();
  await dialog.getByText("3 done, 0 failed.").waitFor();
  await shoot(page, "bulk-results");
  await dialog.getByRole("button", { name: "Close" }).last().click();
  // Another browser sees it without being told to look.
  await expect.poll(() => other.locator("tbody").getByText("Cancelled", { exact: true }).count()).toBe(3);
  await page.getByLabel("Choose all on this page").check();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await dialog.getByRole("button", { name: "Delete them" }).click();
  await dialog.getByText("3 done, 0 failed.").waitFor();
  const left = await panel.api<TaskListJson>("GET", "/tasks?search=bulk");
  expect(left.items).toEqual([]);
});

test("language and appearance are switched, and remembered", async () => {
  const page = await panel.open("/");
  await page.getByLabel("Language").selectOption("ja");
  await page.getByRole("heading", { name: "状況" }).waitFor();
  await page.getByLabel("外観").selectOption("dark");
  await page.reload();
  await page.getByRole("heading", { name: "状況" }).waitFor();
  expect(
    await page.evaluate<string[]>("[document.documentElement.lang, document.documentElement.dataset.theme]"),
  ).toEqual(["ja", "dark"]);
});
