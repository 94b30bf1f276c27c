import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createHmac } from "node:crypto";
import { afterEach, expect, test } from "vitest";
import { createAddressGuard } from "./address-guard.ts";
import { post, type PostOptions } from "./post.ts";
import { retryAfterOf } from "./retry-after.ts";
import { signatureHeaders } from "./sign.ts";

const now = Date.parse("2026-01-01T00:00:00.000Z");
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function listen(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<string> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
}

const to = (url: string, change: Partial<PostOptions> = {}) =>
  post({
    url,
    body: '{"a":"あ"}',
    headers: { "x-test": "1" },
    guard: createAddressGuard(["127.0.0.1"]),
    now,
    signal: new AbortController().signal,
    ...change,
  });

test("a body arrives whole, with its headers", async () => {
  let got = "";
  const url = await listen((request, response) => {
    request.on("data", (part: Buffer) => (got += part.toString()));
    request.on("end", () => {
      got += ` ${String(request.headers["x-test"])} ${String(request.headers["content-type"])}`;
      response.end("ok");
    });
  });
  expect(await to(`${url}/hook`)).toEqual({
    kind: "sent",
    detail: { en: "HTTP 200: ok", ja: "HTTP 200: ok" },
  });
  expect(got).toBe('{"a":"あ"} 1 application/json');
});

test.each([
  [204, {}, { kind: "sent" }],
  [302, { location: "http://127.0.0.1:1/" }, { kind: "refused", detail: { en: "HTTP 302" } }],
  [400, {}, { kind: "refused" }],
  [404, {}, { kind: "refused" }],
  [410, {}, { kind: "refused" }],
  [408, {}, { kind: "later", retryAfter: null }],
  [429, { "retry-after": "120" }, { kind: "later", retryAfter: 120_000 }],
  [503, { "retry-after": "Thu, 01 Jan 2026 00:01:00 GMT" }, { kind: "later", retryAfter: 60_000 }],
  [500, { "retry-after": "soon" }, { kind: "later", retryAfter: null }],
])("HTTP %i with %j", async (status, headers: Record<string, string>, outcome) => {
  const url = await listen((_, response) => response.writeHead(status, headers).end());
  expect(await to(url)).toMatchObject(outcome);
});

test("what is away, slow, endless or cut is tried again later, and no answer fills the memory", async () => {
  const silent = await listen(() => undefined);
  expect(await to(silent, { timeoutMilliseconds: 50 })).toMatchObject({
    kind: "later",
    detail: { en: "no answer within 0.05 s" },
  });
  const cut = await listen((request) => request.socket.destroy());
  expect(await to(cut)).toMatchObject({
    kind: "later",
    detail: { en: expect.stringContaining("not reached") },
  });
  expect(await to("http://127.0.0.1:1/")).toMatchObject({
    kind: "later",
    detail: { en: expect.stringContaining("ECONNREFUSED") },
  });
  let written = 0;
  const endless = await listen((_, response) => {
    const more = () => {
      while (!response.destroyed && response.write("\u001b[31m".repeat(10_000))) written += 50_000;
      if (!response.destroyed) response.once("drain", more);
    };
    more();
  });
  const outcome = await to(endless);
  expect(outcome).toMatchObject({ kind: "sent" });
  expect(outcome.detail.en.length).toBeLessThan(220);
  expect(outcome.detail.en).not.toContain("\u001b");
  expect(written).toBeLessThan(50_000_000);
});

test.each([
  ["http://hooks.example.com/", "over https only"],
  ["https://localhost/", "not a public address"],
  ["https://127.0.0.1/", "not a public address"],
  ["https://2130706433/", "not a public address"],
  ["https://0x7f.1/", "not a public address"],
  ["https://[::ffff:169.254.169.254]/", "not a public address"],
  ["https://keruta-api.builds.svc/", "not a public address"],
  ["ftp://127.0.0.1/", "https only"],
  ["nonsense", "cannot be read"],
])("%s is refused before anything is sent", async (url, words) => {
  const outcome = await to(url, { guard: createAddressGuard([]) });
  expect(outcome).toMatchObject({ kind: "refused", detail: { en: expect.stringContaining(words) } });
});

test("a name that leads to this machine is refused at the connection", async () => {
  const { guard } = { guard: { ...createAddressGuard([]), isPrivateName: () => false } };
  expect(await to("https://localhost/", { guard })).toMatchObject({
    kind: "refused",
    detail: { en: expect.stringContaining("localhost (") },
  });
});

test.each([
  [undefined, null],
  ["0", 0],
  ["999999999", 86_400_000],
  ["-1", 0],
  ["Wed, 31 Dec 2025 00:00:00 GMT", 0],
])("Retry-After %s", (header, milliseconds) => {
  expect(retryAfterOf(header, now)).toBe(milliseconds);
});

test("the signature is that of Standard Webhooks", () => {
  // The example of the specification's reference libraries.
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const body = '{"test": 2432232314}';
  expect(signatureHeaders("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330_999, body, secret)).toEqual({
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
  });
  const plain = createHmac("sha256", "plain words").update("a.1.b").digest("base64");
  expect(signatureHeaders("a", 1000, "b", "plain words")["webhook-signature"]).toBe(`v1,${plain}`);
});
