import { z } from "@hono/zod-openapi";
import { startErrors, stops } from "@keruta/shared/domain";
import { orNull, time } from "./common.ts";
import { artifactSummary } from "./task.ts";

export const attemptParams = z.object({
  id: z
    .string()
    .min(1)
    .max(64)
    .openapi({
      param: { name: "id", in: "path" },
      description: "The task's whole id",
      example: "k7m2xqaf4t",
    }),
  n: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .openapi({ param: { name: "n", in: "path" }, description: "The attempt's number", example: 1 }),
});

export const startBody = z.object({ startedAt: time }).strict().openapi("AgentStart");

export const reportedProgress = z
  .object({
    percent: z.number().min(0).max(100).nullable(),
    message: z.string().max(4096),
    sequence: z
      .number()
      .int()
      .min(1)
      .openapi({ description: "Of the log entry that tells it; what comes late is dropped" }),
  })
  .strict()
  .openapi("AgentProgress");

const digest = z.object({ bytes: z.number().int().min(0), sha256: z.string().max(64) }).strict();

export const agentReport = z
  .object({
    version: z.literal(1),
    taskId: z.string().max(64),
    exitCode: z.number().int().min(0).max(255).nullable(),
    signal: z.string().max(32).nullable(),
    startError: z.enum(startErrors).nullable(),
    timedOut: z.boolean(),
    stopped: z.enum(stops).nullable(),
    restarts: z.number().int().min(0),
    startedAt: time,
    finishedAt: time,
    stdout: digest,
    stderr: digest,
    sequence: z.number().int().min(0),
    spoolComplete: z.boolean(),
    leavesArtifacts: z.boolean(),
    oomKills: z.number().int().min(0),
    peakMemoryBytes: z.number().int().min(0).nullable(),
    message: z.string().max(2048),
  })
  .strict()
  .openapi("AgentReport");

export const attemptReport = z
  .object({
    heardAt: z.string(),
    startedAt: z.string().nullable(),
    result: orNull(agentReport),
    artifacts: orNull(artifactSummary),
  })
  .openapi("AttemptReport");

export const uploadStart = z
  .object({
    taken: orNull(artifactSummary).openapi({
      description: "What was taken already; then nothing is to come",
    }),
    from: z.number().openapi({ description: "Files of the stream that are here" }),
    offset: z.number().openapi({ description: "Bytes of the next one that are here" }),
    maxBytes: z.number().openapi({ description: "Of one file" }),
    maxTotalBytes: z.number(),
  })
  .openapi("UploadStart");

export const position = z
  .object({ sequence: z.number(), stdoutBytes: z.number(), stderrBytes: z.number() })
  .openapi("LogPosition");
