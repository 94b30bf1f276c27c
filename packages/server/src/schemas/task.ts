import { z } from "@hono/zod-openapi";
import {
  artifactStatuses,
  attemptPhases,
  blockReasons,
  categories,
  reasons,
  runnerNames,
  taskStatuses,
} from "@keruta/shared/domain";
import { taskSchema as taskFileSchema } from "@keruta/shared/taskfile";
import { orNull } from "./common.ts";

const nullableText = z.string().nullable();
const nullableNumber = z.number().nullable();

export const artifactSummary = z
  .object({
    status: z.enum(artifactStatuses),
    files: z.number().int().min(0),
    bytes: z.number().min(0),
    message: z.string(),
  })
  .openapi("ArtifactSummary");

export const logSummary = z
  .object({ bytes: z.number().min(0), sha256: z.string(), complete: z.boolean() })
  .openapi("LogSummary");

export const clusterContext = z.object({ name: z.string(), server: z.string() });

const attemptAnswer = z
  .object({
    number: z.number().int(),
    runner: z.enum(runnerNames),
    driver: z.string(),
    leaseExpiresAt: nullableText,
    cluster: nullableText,
    context: orNull(clusterContext),
    namespace: nullableText,
    jobName: nullableText,
    podName: nullableText,
    node: nullableText,
    imageId: nullableText,
    phase: z.enum(attemptPhases),
    startedAt: z.string(),
    commandStartedAt: nullableText,
    finishedAt: nullableText,
    exitCode: nullableNumber,
    signal: nullableText,
    reason: z.enum(reasons).nullable(),
    category: z.enum(categories).nullable(),
    retryable: z.boolean().nullable(),
    message: z.string(),
    peakMemoryBytes: nullableNumber,
    log: orNull(logSummary),
    artifacts: orNull(artifactSummary),
  })
  .openapi("Attempt");

export const taskAnswer = z
  .object({
    apiVersion: z.literal("keruta/v1"),
    kind: z.literal("Task"),
    id: z.string(),
    title: z.string(),
    description: z.string(),
    priority: z.number().int(),
    status: z.enum(taskStatuses),
    labels: z.record(z.string(), z.string()),
    spec: z.record(z.string(), z.unknown()),
    createdAt: z.string(),
    updatedAt: z.string(),
    createdBy: z.string(),
    requestId: nullableText,
    cancelRequestedAt: nullableText,
    progress: z.object({ percent: nullableNumber, message: z.string() }),
    pending: z
      .object({
        position: nullableNumber,
        blockedBy: z.enum(blockReasons),
        message: z.string(),
        since: z.string(),
        details: z.record(z.string(), z.unknown()),
      })
      .nullable(),
    attempt: orNull(attemptAnswer),
    attempts: z.array(attemptAnswer),
  })
  .openapi("Task");

export const taskListAnswer = z
  .object({
    apiVersion: z.literal("keruta/v1"),
    kind: z.literal("TaskList"),
    items: z.array(taskAnswer),
    nextCursor: nullableText,
    total: z.number().int().optional(),
  })
  .openapi("TaskList");

/**
 * A task file as JSON. What may be in it is checked by the task file's own rules, which name every complaint; the
 * schema that is published here is theirs too.
 */
const { $schema: _, $id: __, ...published } = taskFileSchema();

export const newTaskBody = z.record(z.string(), z.unknown()).openapi("NewTask", {
  ...(published as object),
  description: "A task file as JSON; requestId may stand beside its keys.",
});

export const taskChangeBody = z
  .object({
    title: z.string(),
    description: z.string(),
    priority: z.number().int(),
    labels: z.record(z.string(), z.string()),
    spec: z.record(z.string(), z.unknown()),
  })
  .partial()
  .strict()
  .openapi("TaskChange");
