import { inflateRawSync } from "node:zlib";
import {
  completeTask,
  effectiveSettings,
  joinTaskPieces,
  type NewTask,
  type Task,
  type TaskSpec,
} from "@keruta/shared/domain";
import type { JobManifest } from "./manifest.ts";
import type { PlanInput } from "./planning.ts";
import { planSettings } from "./settings.ts";

export function aTask(spec: TaskSpec, other: Partial<NewTask> = {}): Task {
  return {
    ...completeTask({ title: "Build the docs", ...other, spec }),
    id: "k7m2xqaf4t",
    status: "IN_PROGRESS",
    createdAt: "2026-01-31T00:00:00.000Z",
    updatedAt: "2026-01-31T00:00:01.000Z",
    createdBy: "me",
    requestId: null,
    cancelRequestedAt: null,
    progress: { percent: null, message: "" },
    pending: null,
    attempt: null,
    attempts: [],
  };
}

export function aPlan(
  spec: TaskSpec,
  settings: Readonly<Record<string, string>> = {},
  other: Partial<PlanInput> & { readonly task?: never; readonly title?: string } = {},
): PlanInput {
  const { title, ...input } = other;
  return {
    task: aTask(spec, title === undefined ? {} : { title }),
    attempt: 1,
    queueUid: "q4e7ihz2na",
    fence: "5f2d8c1ab3",
    settings: planSettings(effectiveSettings({ database: settings }), "1.2.3"),
    ...input,
  };
}

/** The task that the sidecar will write to KERUTA_TASK_FILE. */
export function taskFileOf(job: JobManifest): unknown {
  const [sidecar] = job.spec.template.spec.initContainers;
  const pieces = (sidecar?.env ?? []).map((variable) => [
    variable.name,
    "value" in variable ? variable.value : "",
  ]);
  return JSON.parse(
    inflateRawSync(joinTaskPieces(Object.fromEntries(pieces)) ?? new Uint8Array()).toString(),
  );
}

/** Compressed bytes differ between versions of zlib. */
export function withoutTaskPieces(job: JobManifest): unknown {
  return JSON.parse(
    JSON.stringify(job, (key, value: unknown) =>
      key === "env" && Array.isArray(value)
        ? value.map((one: { name: string }) =>
            one.name.startsWith("KERUTA_TASK_JSON_") ? { name: one.name, value: "(compressed task)" } : one,
          )
        : value,
    ),
  ) as unknown;
}
