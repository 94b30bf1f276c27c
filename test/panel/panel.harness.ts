import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import axe from "axe-core";
import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { expect, vi } from "vitest";
import type { Language, TaskJson } from "../../packages/shared/src/domain/index.ts";
import { serve, type Serving } from "../local/serving.ts";
import { createSandbox, type Sandbox } from "../sandbox.ts";

const chromiumPath = process.env["KERUTA_TEST_CHROMIUM"] ?? "/usr/bin/chromium";

/** Where screenshots go, for a person to look at; none are taken without it. */
const screenshots = process.env["KERUTA_TEST_SCREENSHOTS"];

export const password = "correct horse battery";

export interface PanelHarness extends AsyncDisposable {
  readonly sandbox: Sandbox;
  /** As `api`, where nothing is answered. */
  readonly send: (method: string, path: string, body?: unknown) => Promise<Response>;
  /** The one that runs now. */
  server(): Serving;
  /** Stops the server; the next one has the same address. */
  restart(whileDown?: () => Promise<void>): Promise<void>;
  open(path: string, options?: OpenOptions): Promise<Page>;
  /** As an administrator's program would. */
  api<T>(method: string, path: string, body?: unknown): Promise<T>;
  addTask(task: Readonly<Record<string, unknown>>): Promise<TaskJson>;
  closePages(): Promise<void>;
  /** What a test provoked. */
  forgetFaults(like: RegExp): void;
  /** Once it is so. */
  settled(id: string, status: string): Promise<TaskJson>;
}

interface OpenOptions {
  readonly language?: Language;
  readonly theme?: "light" | "dark";
  readonly isPhone?: boolean;
  /** Who is logged in; null: nobody. */
  readonly as?: string | null;
}

interface PanelOptions {
  /** The worker is a process of its own, and outlives a server that stops. */
  readonly workerApart?: boolean;
  /** Fills the queue's file before the server reads it. */
  readonly seed?: (database: string) => Promise<void>;
  /** False: nobody has an account yet. */
  readonly users?: boolean;
  /** Tasks run in this namespace of a real cluster and not on this machine; it is given back at the end. */
  readonly cluster?: Sandbox;
}

const desktop = { width: 1280, height: 800 };
const phone = { width: 390, height: 844 };

/** A real server with a worker and a SQLite queue, and a real browser; local tasks, an administrator and a viewer. */
export async function openPanel({
  workerApart = false,
  seed,
  users = true,
  cluster,
}: PanelOptions = {}): Promise<PanelHarness> {
  const sandbox = cluster ?? (await createSandbox());
  const flags = workerApart ? [] : ["--worker", "--concurrency", "2"];
  if (!cluster) await sandbox.run(["settings", "set", "kubernetes.enabled", "false"]);
  await seed?.(join(sandbox.directory, "state/keruta/keruta.db"));
  const worker = workerApart
    ? sandbox.start(["worker", ...(cluster ? [] : ["--runner", "local"]), "--concurrency", "4"])
    : undefined;
  let server = await serve(sandbox, ...flags);
  const browser: Browser = await chromium.launch({
    executablePath: chromiumPath,
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
  const contexts: BrowserContext[] = [];
  const faults: string[] = [];
  const { host } = new URL(server.url);

  const send = async (method: string, path: string, body?: unknown) => {
    const token = server.env["KERUTA_API_TOKEN"] ?? "";
    const answer = await fetch(`${server.url}/api${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: body === undefined ? null : JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${String(answer.status)} ${await answer.text()}`);
    return answer;
  };
  const api = async <T>(method: string, path: string, body?: unknown) =>
    (await (await send(method, path, body)).json()) as T;
  for (const [name, role] of [
    ["花子", "admin"],
    ["viewer", "viewer"],
  ] as const) {
    if (users) await send("POST", "/users", { name, role, password });
  }

  return {
    sandbox,
    send,
    server: () => server,
    async restart(whileDown) {
      const { port } = new URL(server.url);
      await server.stop();
      await whileDown?.();
      server = await serve(sandbox, "--listen", `127.0.0.1:${port}`, ...flags);
    },
    async open(path, { language = "en", theme = "light", isPhone = false, as = "花子" } = {}) {
      const context = await browser.newContext({
        baseURL: server.url,
        locale: language === "ja" ? "ja-JP" : "en-GB",
        timezoneId: "Asia/Tokyo",
        colorScheme: theme,
        viewport: isPhone ? phone : desktop,
        hasTouch: isPhone,
        acceptDownloads: true,
      });
      contexts.push(context);
      if (as !== null) await logInByApi(context, as);
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      page.on("pageerror", (error) => faults.push(`page error: ${String(error.stack)}`));
      page.on("console", (message) => {
        const text = message.text();
        // What the browser says of every answer that is no success.
        if (message.type() === "error" && !/Failed to load resource/.test(text))
          faults.push(`console: ${text}`);
      });
      page.on("dialog", (dialog) => {
        faults.push(`a dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on("request", (request) => {
        const url = new URL(request.url());
        if (url.protocol.startsWith("http") && url.host !== host)
          faults.push(`a request outside: ${url.href}`);
      });
      await page.goto(path);
      return page;
    },
    api,
    addTask: (task) => api("POST", "/tasks", { apiVersion: "keruta/v1", kind: "Task", ...task }),
    settled: (id, status) =>
      vi.waitFor(
        async () => {
          const task = await api<TaskJson>("GET", `/tasks/${id}`);
          if (task.status !== status) throw new Error(`task ${id} is ${task.status}, not ${status}`);
          return task;
        },
        { timeout: 30_000, interval: 100 },
      ),
    forgetFaults(like) {
      const others = faults.filter((fault) => !like.test(fault));
      faults.splice(0, faults.length, ...others);
    },
    async closePages() {
      for (const context of contexts.splice(0)) await context.close();
    },
    async [Symbol.asyncDispose]() {
      for (const context of contexts) await context.close();
      await browser.close();
      await server.stop();
      // Twice: a test that failed may have left something that runs.
      worker?.child.kill("SIGTERM");
      worker?.child.kill("SIGINT");
      await worker?.ended;
      await sandbox[Symbol.asyncDispose]();
      expect(faults).toEqual([]);
    },
  };
}

async function logInByApi(context: BrowserContext, name: string): Promise<void> {
  const answer = await context.request.post("/api/sessions", { data: { name, password } });
  expect(answer.status()).toBe(201);
}

/** What axe finds wrong; the page is to be as a person finds it. */
export async function accessFaults(page: Page): Promise<readonly string[]> {
  // The policy of content lets no script in; the debugger's own world is beside it.
  await page.evaluate(axe.source);
  return await page.evaluate<
    string[]
  >(`axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ": " + node.target.join(" ") + " " + node.failureSummary)))`);
}

export async function expectAccessible(page: Page): Promise<void> {
  expect(await accessFaults(page)).toEqual([]);
}

/** No page is wider than its window. */
export async function expectNoSideways(page: Page): Promise<void> {
  const [inner, outer] = await page.evaluate<number[]>("[document.documentElement.scrollWidth, innerWidth]");
  expect(inner).toBeLessThanOrEqual(outer ?? 0);
}

export async function shoot(page: Page, name: string): Promise<void> {
  if (screenshots === undefined) return;
  await mkdir(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
}
