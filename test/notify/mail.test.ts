import { describe, expect, test } from "vitest";
import { sendMail, type Mail, type MailServer } from "../../packages/server/src/notify/channels/mail.ts";
import { decodedWords, headerOf, textOfMail } from "./read-mail.ts";
import { makeCertificate } from "./certificate.ts";
import { receiveMail, type MailReceiver } from "./receive-mail.ts";

const certificate = makeCertificate();
const mail: Mail = {
  messageId: "<msg_1@queue.keruta>",
  from: "keruta@example.com",
  to: ["ops@example.com", "dev@example.com"],
  subject: "[keruta] タスク失敗（Error）: 文書のビルド",
  text: "タスク: 文書のビルド\n\n    エラー\n",
};
const never = () => new AbortController().signal;
const plain = ({ port }: MailReceiver): MailServer => ({
  host: "127.0.0.1",
  port,
  security: "none",
  login: null,
});
test("an email arrives in UTF-8, with a subject that is encoded and an id of its own", async () => {
  await using server = await receiveMail();
  const outcome = await sendMail(plain(server), mail, never());
  expect(outcome).toMatchObject({ kind: "sent", detail: { en: expect.stringContaining("250") } });
  const [got] = server.mails;
  expect(got).toMatchObject({ from: "keruta@example.com", to: mail.to });
  const raw = got?.raw ?? "";
  expect(headerOf(raw, "Message-ID")).toBe("<msg_1@queue.keruta>");
  expect(headerOf(raw, "Auto-Submitted")).toBe("auto-generated");
  expect(headerOf(raw, "Content-Type")).toMatch(/^text\/plain; charset=utf-8/);
  const subject = headerOf(raw, "Subject") ?? "";
  expect(subject).toMatch(/^[\x20-\x7e]+$/);
  expect(decodedWords(subject)).toBe(mail.subject);
  expect(textOfMail(raw).trimEnd()).toBe(mail.text.trimEnd());
});

test("no text makes a header or a receiver of its own", async () => {
  await using server = await receiveMail();
  const subject = "a\r\nBcc: evil@example.com\r\n\r\nbody";
  await sendMail(plain(server), { ...mail, subject, to: ["ops@example.com"] }, never());
  const [got] = server.mails;
  expect(got?.to).toEqual(["ops@example.com"]);
  const head = got?.raw.slice(0, got.raw.indexOf("\r\n\r\n")) ?? "";
  expect(head).not.toMatch(/^Bcc:/im);
});

test("a receiver that is refused keeps the others from nothing; one that may pass gets it later, alone", async () => {
  await using server = await receiveMail({
    refuses: (address) => ({ "gone@example.com": 550, "busy@example.com": 450 })[address],
  });
  const to = ["ops@example.com", "gone@example.com", "busy@example.com"];
  const outcome = await sendMail(plain(server), { ...mail, to }, never());
  expect(outcome).toMatchObject({ kind: "later", recipients: ["busy@example.com"] });
  expect(outcome.detail.en).toContain("gone@example.com (550");
  expect(server.mails.map((one) => one.to)).toEqual([["ops@example.com"]]);
  const gone = await sendMail(plain(server), { ...mail, to: ["gone@example.com"] }, never());
  expect(gone).toMatchObject({ kind: "refused", detail: { en: expect.stringContaining("550") } });
  const busy = await sendMail(plain(server), { ...mail, to: ["busy@example.com"] }, never());
  expect(busy).toMatchObject({ kind: "later", recipients: ["busy@example.com"] });
});

test("a server that is away, or says nothing, is tried again later", async () => {
  const away = { host: "127.0.0.1", port: 1, security: "none", login: null } as const;
  expect(await sendMail(away, mail, never())).toMatchObject({ kind: "later", recipients: null });
  await using server = await receiveMail({ onConnect: () => undefined });
  expect(await sendMail(plain(server), mail, never(), 100)).toMatchObject({ kind: "later" });
  const stopped = new AbortController();
  stopped.abort();
  expect(await sendMail(plain(server), mail, stopped.signal)).toMatchObject({ kind: "later" });
});

test("a password is not sent in the clear", async () => {
  await using server = await receiveMail();
  const login = { user: "keruta", password: "secret" };
  expect(await sendMail({ ...plain(server), login }, mail, never())).toMatchObject({ kind: "refused" });
  expect(server.mails).toEqual([]);
});

describe.skipIf(!certificate)("over TLS", () => {
  const login = { user: "keruta", password: "secret" };
  const serverOptions = {
    key: certificate?.key ?? "",
    cert: certificate?.certificate ?? "",
    password: "secret",
  };
  const secure = ({ port }: MailReceiver, security: "starttls" | "tls"): MailServer => ({
    host: "localhost",
    port,
    security,
    login,
    ca: certificate?.certificate ?? "",
  });

  test.each(["starttls", "tls"] as const)("%s: the login and the mail", async (security) => {
    await using server = await receiveMail({ ...serverOptions, secure: security === "tls" });
    expect(await sendMail(secure(server, security), mail, never())).toMatchObject({ kind: "sent" });
    expect(server.mails).toMatchObject([{ user: "keruta", isSecure: true }]);
    const wrong = { ...secure(server, security), login: { ...login, password: "wrong" } };
    const outcome = await sendMail(wrong, mail, never());
    expect(outcome).toMatchObject({ kind: "refused", detail: { en: expect.stringContaining("535") } });
    expect(JSON.stringify(outcome)).not.toMatch(/"wrong"|secret/);
  });

  test("a certificate that nobody vouches for gets nothing", async () => {
    await using server = await receiveMail(serverOptions);
    const { ca: _, ...strange } = secure(server, "starttls");
    expect(await sendMail(strange, mail, never())).toMatchObject({
      kind: "later",
      detail: { en: expect.stringMatching(/certificate/i) },
    });
    expect(server.mails).toEqual([]);
  });

  test("a server that offers no STARTTLS gets nothing", async () => {
    await using server = await receiveMail({ ...serverOptions, disabledCommands: ["STARTTLS"] });
    expect(await sendMail(secure(server, "starttls"), mail, never())).toMatchObject({ kind: "refused" });
    expect(server.mails).toEqual([]);
  });
});
