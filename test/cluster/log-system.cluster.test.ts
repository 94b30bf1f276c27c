import { createHash } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { serveWith } from "../local/serving.ts";
import { s3Service, startS3 } from "../log-system/s3.harness.ts";
import { decodedWords, headerOf } from "../notify/read-mail.ts";
import { receiveMail } from "../notify/receive-mail.ts";
import { installedPostgres } from "../postgres/binaries.ts";
import { createPostgres } from "../postgres/server.ts";
import { createClusterSandbox, type ClusterSandbox } from "./environment.ts";
import { busybox, type ShownTask } from "./submitted.ts";

/** By hand: KERUTA_TEST_LOG_BYTES=2000000000 KERUTA_TEST_LOG_TASKS=50. */
const totalBytes = Number(process.env["KERUTA_TEST_LOG_BYTES"] ?? 24_000_000);
const tasks = Number(process.env["KERUTA_TEST_LOG_TASKS"] ?? 6);
const timeout = 300_000 + totalBytes / 1500;
const errors = 10_000;

const filler = "x".repeat(80);
const lines = Math.ceil(totalBytes / tasks / (filler.length + 8));
const script = `seq 1 ${String(lines)} | sed "s/$/ of $KERUTA_TASK_TITLE ${filler}/"`;
const failing = `i=0; while [ $i -lt ${String(errors)} ]; do i=$((i+1)); echo "ERROR $i"; done; exit 3`;

/** What `script` prints under this title. */
function digestOf(title: string): string {
  const hash = createHash("sha256");
  for (let first = 1; first <= lines; first += 1000) {
    let text = "";
    const end = Math.min(first + 1000, lines + 1);
    for (let n = first; n < end; n += 1) text += `${String(n)} of ${title} ${filler}\n`;
    hash.update(text);
  }
  return hash.digest("hex");
}

const taskOf = (title: string, text: string) =>
  JSON.stringify({
    apiVersion: "keruta/v1",
    kind: "Task",
    title,
    spec: { image: busybox, command: ["sh", "-c", text] },
  });

/** Runs it again and again, killed at any moment, until told to stop. */
function killAgainAndAgain(cluster: ClusterSandbox, args: readonly string[], longest: number, env: Env) {
  const stopping = new AbortController();
  const killing = (async () => {
    let kills = 0;
    while (!stopping.signal.aborted) {
      const { child, ended } = cluster.start(args, { env });
      await Promise.race([ended, pause(Math.random() * longest, null, { signal: stopping.signal })]).catch(
        () => undefined,
      );
      if (child.exitCode === null) kills += 1;
      child.kill("SIGKILL");
      await ended;
    }
    return kills;
  })();
  return {
    stop: () => {
      stopping.abort();
      return killing;
    },
  };
}

type Env = Readonly<Record<string, string>>;

describe.skipIf(s3Service === undefined || installedPostgres() === undefined)("the log system", () => {
  test(
    "logs of Pods, on PostgreSQL, move to S3 while worker and archiver are killed, and read back byte for byte",
    { timeout, tags: ["long"] },
    async () => {
      const postgres = await createPostgres({ durable: true });
      if (!postgres) throw new Error("PostgreSQL's binaries are not installed");
      await using _ = { [Symbol.asyncDispose]: () => postgres.dispose() };
      await using s3 = await startS3();
      await using mails = await receiveMail();
      await using cluster = await createClusterSandbox();
      const env = {
        KERUTA_DB: postgres.url,
        AWS_ACCESS_KEY_ID: process.env["AWS_ACCESS_KEY_ID"] ?? "",
        AWS_SECRET_ACCESS_KEY: process.env["AWS_SECRET_ACCESS_KEY"] ?? "",
      };
      const ask = async (...args: string[]) => {
        const { code, stdout, stderr } = await cluster.run(args, { env });
        expect([args.join(" "), code, code === 0 ? "" : stderr]).toEqual([args.join(" "), 0, ""]);
        return stdout;
      };
      const settings = [
        `logs.archive.location=${s3.location}`,
        "logs.rotate.bytes=1Mi",
        "notify.email.host=127.0.0.1",
        `notify.email.port=${String(mails.port)}`,
        "notify.email.security=none",
        "notify.email.to=ops@example.com",
      ];
      await ask("settings", "set", ...settings);
      const titles = Array.from({ length: tasks }, (_, n) => `log ${String(n)}`);
      const all = [...titles.map((title) => taskOf(title, script)), taskOf("errors", failing)];
      const file = await cluster.file("tasks.yaml", all.join("\n---\n"));
      const ids = (await ask("add", "-f", file)).toString().trim().split("\n");
      const server = await serveWith(cluster, env);

      const worker = killAgainAndAgain(cluster, ["worker", "--concurrency", "3"], 120_000, env);
      const archiver = killAgainAndAgain(cluster, ["logs", "archive"], 4000, env);
      const waiting = cluster.run(["wait", ...ids], { env });
      await Promise.race([waiting, pause(10_000)]);
      await s3.goAway();
      await Promise.race([waiting, pause(20_000)]);
      await s3.comeBack();
      expect((await waiting).code).toBe(1);
      await worker.stop();
      expect(await archiver.stop()).toBeGreaterThan(0);

      await ask("logs", "archive", ...ids);
      expect(await s3.keys()).not.toEqual([]);
      const status = JSON.parse((await ask("logs", "archive", ...ids, "-o", "json")).toString()) as object;
      expect(status).toMatchObject({ archived: { objects: 0, blocks: 0 } });
      for (const [n, title] of titles.entries()) {
        const id = ids[n] ?? "";
        const log = await ask("logs", id);
        expect([title, createHash("sha256").update(log).digest("hex")]).toEqual([title, digestOf(title)]);
      }
      const shown = JSON.parse((await ask("show", ids.at(-1) ?? "", "-o", "json")).toString()) as ShownTask;
      expect([shown.attempt.exitCode, shown.attempt.log.complete]).toEqual([3, true]);
      const [mail] = await mails.received(1);
      expect(decodedWords(headerOf(mail?.raw ?? "", "Subject") ?? "")).toContain("errors");
      expect((await server.stop()).code).toBe(0);
      expect(mails.mails.length).toBe(1);

      await s3.goAway();
      const away = await cluster.run(["logs", ids[0] ?? ""], { env });
      expect([away.code, away.stdout.toString()]).toEqual([1, ""]);
      expect(away.stderr).toContain("KRT_ARCHIVE_UNREACHABLE");
    },
  );
});
