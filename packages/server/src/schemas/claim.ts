import { z } from "@hono/zod-openapi";
import { artifactStatuses, attemptPhases, categories, reasons, runnerNames } from "@keruta/shared/domain";
import { submissions } from "@keruta/shared/queue";
import { artifactSummary, clusterContext, logSummary, newTaskBody, taskAnswer } from "./task.ts";
import { name, orNull, time } from "./common.ts";

const short = z.string().max(1024);

export const holder = z
  .object({
    host: short,
    user: short,
    pid: z.number().int(),
    bootId: short,
    pidNamespace: short,
    startTime: short,
  })
  .strict()
  .openapi("Holder");

const claimTerms = z
  .object({
    holder,
    runners: z.array(z.enum(runnerNames)).min(1).max(runnerNames.length),
    defaultRunner: z.enum(runnerNames),
    forceRunner: z.enum(runnerNames).optional(),
    cluster: short.optional(),
    namespace: name.optional(),
  })
  .strict();

export const claimBody = z
  .object({
    terms: claimTerms,
    taskId: z.string().max(64).optional(),
    namespaces: z.array(orNull(name)).max(1000).optional().openapi({
      description: "Only tasks of these, null for those that name none; a bound token's own anyway",
    }),
    add: newTaskBody.optional(),
  })
  .strict()
  .openapi("ClaimRequest");

const claimSchema = z
  .object({
    task: taskAnswer,
    attempt: z.record(z.string(), z.unknown()),
    lease: z.object({ taskId: z.string(), attempt: z.number().int(), token: z.string() }),
    takenOver: z.boolean(),
    attemptsMade: z.number().int(),
    submission: z.enum(submissions),
    jobUid: z.string().nullable(),
    logPosition: z.object({ sequence: z.number(), stdoutBytes: z.number(), stderrBytes: z.number() }),
  })
  .openapi("Claim");

export const claimAnswer = z
  .object({ claim: orNull(claimSchema), task: taskAnswer.optional(), created: z.boolean().optional() })
  .openapi("ClaimAnswer");

export const claimParams = z.object({
  id: z
    .string()
    .regex(/^[^/]{1,64}-\d{1,6}$/)
    .openapi({
      param: { name: "id", in: "path" },
      description: "<task id>-<attempt>",
      example: "k7m2xqaf4t-1",
    }),
});

export const leaseHeaders = z.object({
  "keruta-lease": z.string().max(128).openapi({ description: "The lease's token, from the claim" }),
});

export const tokenAnswer = z.object({ token: z.string() }).openapi("AgentToken");

const progressBody = z
  .object({ percent: z.number().min(0).max(100).nullable(), message: z.string().max(4096) })
  .strict()
  .openapi("Progress");

export const attemptChange = z
  .object({
    phase: z.enum(attemptPhases),
    cluster: short,
    context: clusterContext,
    namespace: name,
    jobName: name,
    jobUid: short,
    submission: z.enum(submissions),
    podName: name,
    node: name,
    imageId: short,
    commandStartedAt: time,
    local: z.object({ directory: z.string().max(4096) }).strict(),
    progress: progressBody,
  })
  .partial()
  .strict()
  .openapi("AttemptChange");

export const settleBody = z
  .object({
    result: z
      .object({
        finishedAt: time,
        exitCode: z.number().int().nullable(),
        signal: z.string().max(32).nullable(),
        reason: z.enum(reasons),
        category: z.enum(categories),
        retryable: z.boolean(),
        message: z.string().max(64 * 1024),
        peakMemoryBytes: z.number().int().min(0).nullable(),
        log: logSummary,
        artifacts: z
          .object({
            status: z.enum(artifactStatuses),
            files: z.number().int().min(0),
            bytes: z.number().int().min(0),
            message: z.string().max(64 * 1024),
          })
          .nullable(),
      })
      .strict(),
    retry: z.object({ notBefore: time }).strict().nullable(),
    logSequence: z.number().int().min(0).optional().openapi({
      description: "Of the last log entry that the result counts; refused where there are more.",
    }),
  })
  .strict()
  .openapi("Settle");

export const artifactFile = z
  .object({
    path: z.string().max(4096).openapi({ description: "Relative; `PUT` refuses what leaves the directory" }),
    bytes: z.number().int().min(0),
    sha256: z.string().max(64).nullable().openapi({ description: "64 lower-case hex digits" }),
    skipped: z.enum(["too-large", "total-too-large", "changed", "unsafe"]).nullable(),
  })
  .openapi("ArtifactFile");

export const artifactsBody = z
  .object({ files: z.array(artifactFile).max(200_000), summary: artifactSummary.optional() })
  .strict();
