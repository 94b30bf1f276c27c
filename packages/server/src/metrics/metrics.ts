import { taskStatuses } from "@keruta/shared/domain";
import type { Metrics } from "../deps/metrics.ts";
import { Counter, Gauge, Histogram, Registry } from "prom-client";

const short = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30];
const long = [1, 5, 15, 60, 300, 900, 3600, 6 * 3600, 24 * 3600];

export function createMetrics(): Metrics {
  const registers = [new Registry()];
  const [registry] = registers;
  const tasks = new Gauge({
    name: "keruta_tasks",
    help: "Tasks in the queue by status",
    labelNames: ["status"],
    registers,
  });
  const paused = new Gauge({ name: "keruta_queue_paused", help: "1 while the queue is paused", registers });
  const workers = new Gauge({ name: "keruta_workers", help: "Workers that are alive", registers });
  const requests = new Histogram({
    name: "keruta_http_request_seconds",
    help: "Time to answer a request",
    labelNames: ["method", "status"],
    buckets: short,
    registers,
  });
  const claims = new Histogram({
    name: "keruta_claim_seconds",
    help: "Time of a claim in the database",
    buckets: short,
    registers,
  });
  const lag = new Histogram({
    name: "keruta_log_lag_seconds",
    help: "From when the agent read a line to when it was stored",
    buckets: short,
    registers,
  });
  const waits = new Histogram({
    name: "keruta_attempt_wait_seconds",
    help: "From a task's creation to its first attempt",
    buckets: long,
    registers,
  });
  const runs = new Histogram({
    name: "keruta_attempt_run_seconds",
    help: "From an attempt's claim to its end",
    labelNames: ["reason"],
    buckets: long,
    registers,
  });
  const ended = new Counter({
    name: "keruta_attempts_total",
    help: "Attempts that have ended since the server started, by reason",
    labelNames: ["reason"],
    registers,
  });

  const notifications = new Counter({
    name: "keruta_notifications_total",
    help: "Messages sent, given up or put off since the server started, by kind of channel",
    labelNames: ["channel", "outcome"],
    registers,
  });

  return {
    request(method, status, seconds) {
      requests.observe({ method, status: String(status) }, seconds);
    },
    claim(seconds) {
      claims.observe(seconds);
    },
    logLag(seconds) {
      // Another machine's clock may be ahead.
      lag.observe(Math.max(0, seconds));
    },
    attempt(task, number) {
      const attempt = task.attempts.find((one) => one.number === number);
      if (!attempt || attempt.finishedAt === null) return;
      const started = Date.parse(attempt.startedAt);
      const reason = attempt.reason ?? "";
      if (number === 1) waits.observe((started - Date.parse(task.createdAt)) / 1000);
      runs.observe({ reason }, Math.max(0, Date.parse(attempt.finishedAt) - started) / 1000);
      ended.inc({ reason });
    },
    notification(channel, outcome) {
      notifications.inc({ channel, outcome });
    },
    async expose(queue) {
      const status = await queue.queueStatus();
      for (const name of taskStatuses) tasks.set({ status: name }, status.counts[name]);
      paused.set(status.paused ? 1 : 0);
      workers.set(status.drivers);
      if (!registry) throw new Error("metrics have a registry");
      return { type: registry.contentType, text: await registry.metrics() };
    },
  };
}
