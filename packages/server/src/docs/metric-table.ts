import type { Task } from "@keruta/shared/domain";
import type { QueueStatus } from "@keruta/shared/queue";
import { createMetrics } from "../metrics/metrics.ts";
import { cell } from "./schema-text.ts";

/** Of docs/operating.md: what /metrics gives, from what it prints when each of them was counted once. */
export async function metricTable(): Promise<string> {
  const metrics = createMetrics();
  metrics.request("GET", 200, 0);
  metrics.claim(0);
  metrics.logLag(0);
  metrics.attempt(ended, 1);
  metrics.notification("email", "sent");
  const { text } = await metrics.expose({ queueStatus: () => Promise.resolve(empty) });
  const rows = [...text.matchAll(/^# HELP (\S+) (.*)\n# TYPE \S+ (\S+)$/gm)].map(
    ([, name = "", help = "", type = ""]) => [`\`${name}\``, type, labelsOf(text, name), cell(help)],
  );
  const header = ["metric", "type", "labels", "meaning"];
  return [header, header.map(() => "---"), ...rows].map((row) => `| ${row.join(" | ")} |`).join("\n");
}

function labelsOf(text: string, name: string): string {
  const samples = text.matchAll(new RegExp(`^${name}(?:_bucket|_sum|_count)?\\{([^}]*)\\}`, "gm"));
  const names = [...samples].flatMap(([, labels = ""]) =>
    [...labels.matchAll(/(\w+)="/g)].map(([, label = ""]) => label),
  );
  return [...new Set(names)]
    .filter((label) => label !== "le")
    .map((label) => `\`${label}\``)
    .join(", ");
}

const time = "2026-01-31T09:30:00.000Z";

const ended = {
  createdAt: time,
  attempts: [{ number: 1, startedAt: time, finishedAt: time, reason: "Completed" }],
} as unknown as Task;

const empty: QueueStatus = {
  counts: { PENDING: 0, IN_PROGRESS: 0, COMPLETED: 0, FAILED: 0, CANCELLED: 0 },
  paused: false,
  drivers: 0,
} as unknown as QueueStatus;
