import { expect, test } from "vitest";
import type { NotifyEvent, NotifyMessage } from "@keruta/shared/domain";
import { oneLine } from "./clean.ts";
import { describeMessage } from "./describe.ts";
import { mailText } from "./mail-text.ts";
import { slackPayload } from "./slack-text.ts";

const time = "2026-01-01T00:00:00.000Z";
const head = { apiVersion: "keruta/v1", kind: "Event", time, taskId: "k7m2xqaf4t", seq: 9 } as const;
const failed: NotifyEvent = {
  ...head,
  type: "TaskFinished",
  attempt: 2,
  data: { status: "FAILED", reason: "OOMKilled", category: "command", exitCode: 137, message: "" },
};
const deadline: NotifyEvent = { ...head, type: "DeadlineMissed", attempt: null, data: { deadline: time } };
const logOf = (errors: number, ...messages: readonly string[]): NotifyEvent => ({
  ...head,
  type: "Log",
  attempt: 1,
  data: {
    errors,
    warnings: 0,
    firstTime: time,
    lastTime: time,
    records: messages.map((message, n) => ({ timestamp: time, level: "ERROR", sequence: n + 1, message })),
  },
});
const messageOf = (title: string, ...events: readonly NotifyEvent[]): NotifyMessage => ({
  tasks: [{ id: "k7m2xqaf4t", title, labels: { team: "docs" }, namespace: null, status: "FAILED" }],
  events,
  heldBack: 0,
  omitted: 0,
});
const english = { language: "en", taskLink: "" } as const;

test.each([
  ["plain", "plain"],
  ["a\r\nBcc: x@example.com", "a Bcc: x@example.com"],
  ["a\u0000b\u001b[31mc\u0085d\u2028e", "a b [31mc d e"],
  ["right\u202eto left\u2066\u200b.", "right to left ."],
  ["  many \t blanks  ", "many blanks"],
  ["half \ud800 a character", "half \ufffd a character"],
  ["日本語の題名", "日本語の題名"],
  ["😀".repeat(30), `${"😀".repeat(19)}…`],
  ["x".repeat(1_000_000), `${"x".repeat(19)}…`],
])("%j is one line of 20 characters at most", (text, expected) => {
  expect(oneLine(text, text.length > 40 ? 20 : 40)).toBe(expected);
});

test("a failed task with its log, as an email says it", () => {
  const { subject, ...rest } = describeMessage(
    messageOf("Build the docs", failed, logOf(10_000, "no", "no again")),
    english,
  );
  expect(subject).toBe("[keruta] Task failed (OOMKilled): Build the docs");
  expect(mailText({ subject, ...rest })).toBe(`Task: Build the docs (k7m2xqaf4t)
Status: FAILED
Labels: team=docs

It failed: attempt 2, reason OOMKilled, exit code 137
${(rest.paragraphs[1]?.lines ?? []).slice(1).join("\n")}

In the log of attempt 1: 10,000 errors, from ${time} to ${time}

    ${time} no
    ${time} no again
    … and 9,998 more

Read on: keruta logs k7m2xqaf4t
`);
});

test("the same in Japanese, with a link", () => {
  const wording = { language: "ja", taskLink: "https://keruta.example.com/tasks/{id}" } as const;
  const described = describeMessage(messageOf("文書のビルド", failed, logOf(3, "エラー")), wording);
  expect(described.subject).toBe("[keruta] タスク失敗（OOMKilled）: 文書のビルド");
  const text = mailText(described);
  expect(text).toContain("ログ（試行 1）: エラー 3 件");
  expect(text).toContain("続きを読む: https://keruta.example.com/tasks/k7m2xqaf4t");
});

test.each([
  [[deadline], "[keruta] Deadline missed: t"],
  [[logOf(1)], "[keruta] 1 error in the log: t"],
  [[logOf(2)], "[keruta] 2 errors in the log: t"],
])("the subject of %#", (events, subject) => {
  expect(describeMessage(messageOf("t", ...events), english).subject).toBe(subject);
});

test("a digest names each task once, and how much it leaves out", () => {
  const tasks = Array.from({ length: 60 }, (_, n) => ({
    id: `task${String(n).padStart(6, "a")}`,
    title: `t${String(n)}`,
    labels: {},
    namespace: null,
    status: "FAILED" as const,
  }));
  const events = tasks.map(({ id }) => ({ ...failed, taskId: id }));
  const text = mailText(describeMessage({ tasks, events, heldBack: 200, omitted: 100 }, english));
  expect(text).toContain("this stands for 200 messages");
  expect(text.match(/^- t/gm)).toHaveLength(50);
  expect(text).toContain("- t3 (taskaaaaa3): Task failed (OOMKilled)\n");
  expect(text).toContain("and 110 more");
});

test("nothing that a task says is a link, a mention or markup to Slack", () => {
  const title = "<!channel> <@U1> <https://evil.example|x> & *b* `c`\nline";
  const payload = slackPayload(
    describeMessage(messageOf(title, failed, logOf(1, "``` <!here> &amp;")), english),
  );
  const all = JSON.stringify(payload);
  expect(all).not.toMatch(/<[!@h#]/);
  expect(all).toContain("&lt;!channel&gt; &lt;@U1&gt; &lt;https://evil.example|x&gt; &amp;");
  expect(all).toContain("&lt;!here&gt; &amp;amp;");
  const texts = payload.blocks.map((block) => (block as { text: { text: string; verbatim: boolean } }).text);
  expect(texts.every(({ verbatim }) => verbatim)).toBe(true);
  // A code block is opened and closed once.
  expect(
    texts.map(({ text }) => text.split("```").length).filter((parts) => ![1, 3].includes(parts)),
  ).toEqual([]);
});

test("what is long stays within Slack's bounds", () => {
  const lines = Array.from({ length: 50 }, () => "<".repeat(500));
  const { blocks } = slackPayload(describeMessage(messageOf("t".repeat(5000), logOf(50, ...lines)), english));
  expect(blocks.length).toBeLessThanOrEqual(50);
  for (const block of blocks)
    expect((block as { text: { text: string } }).text.text.length).toBeLessThanOrEqual(3000);
});
