import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { attemptNotFound, createLevelDetector, decodeFrames, taskJson } from "@keruta/shared/domain";
import { framesType } from "@keruta/shared/api";
import type { AppEnv, ServerDeps } from "../deps/env.ts";
import { refuseInvalid } from "../requests/validation.ts";
import { allow } from "../auth/allow.ts";
import { onOwnAttempt, ownAttempt, tradesOnly } from "../auth/own-attempt.ts";
import { tokenAnswer } from "../schemas/claim.ts";
import { answer, body, refusals } from "../schemas/common.ts";
import {
  agentReport,
  attemptParams,
  attemptReport,
  position,
  reportedProgress,
  startBody,
} from "../schemas/report.ts";
import { taskAnswer } from "../schemas/task.ts";
import { json } from "./json.ts";
import { foreignResult, invalidFrames, notAnAgents, resultTooLarge } from "./refusals.ts";
import { queueSettings, visibleTask } from "./visible.ts";

const own = { middleware: onOwnAttempt, request: { params: attemptParams } };
const path = (rest: string) => `/tasks/{id}/attempts/{n}/${rest}`;
const noted = { 204: { description: "It is noted" }, ...refusals };

const trade = createRoute({
  method: "post",
  path: path("token"),
  summary: "Trade an agent's token that has no attempt for that of the attempt; it is told this once",
  middleware: tradesOnly,
  request: { params: attemptParams },
  responses: { 201: answer(tokenAnswer, "The attempt's token"), ...refusals },
});

const readTask = createRoute({
  ...own,
  method: "get",
  path: path("task"),
  summary: "The attempt's task, for its agent",
  responses: { 200: answer(taskAnswer, "The task"), ...refusals },
});

const start = createRoute({
  ...own,
  method: "post",
  path: path("start"),
  summary: "The command has started",
  request: { ...own.request, body: body(startBody) },
  responses: noted,
});

const heartbeat = createRoute({
  ...own,
  method: "post",
  path: path("heartbeat"),
  summary: "The agent lives",
  responses: noted,
});

const progress = createRoute({
  ...own,
  method: "post",
  path: path("progress"),
  summary: "How far the command is, in its own words",
  request: { ...own.request, body: body(reportedProgress) },
  responses: noted,
});

const readPosition = createRoute({
  ...own,
  method: "get",
  path: path("log"),
  summary: "Up to where the attempt's log is stored",
  responses: { 200: answer(position, "The position"), ...refusals },
});

const appendLog = createRoute({
  ...own,
  method: "post",
  path: path("log"),
  summary: "Append log entries; those that are stored already, whoever brought them, are dropped",
  request: {
    ...own.request,
    body: { content: { [framesType]: { schema: z.string().openapi({ format: "binary" }) } } },
  },
  responses: { 200: answer(position, "Up to where the log is stored"), ...refusals },
});

const result = createRoute({
  ...own,
  method: "post",
  path: path("result"),
  summary: "How the command ended: evidence for whoever settles the attempt",
  request: { ...own.request, body: body(agentReport) },
  responses: noted,
});

const readReport = createRoute({
  method: "get",
  path: path("report"),
  summary: "What the attempt's agent told",
  middleware: allow("read"),
  request: { params: attemptParams },
  responses: { 200: answer(z.object({ report: attemptReport.nullable() }), "Its words"), ...refusals },
});

/** A termination message holds no more, and a report is the same text. */
const maxResultBytes = 2048;

export function agentReportRoutes(deps: ServerDeps): OpenAPIHono<AppEnv> {
  const { queue, reports } = deps;
  const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });

  app.openapi(trade, async (c) => {
    const principal = c.get("principal");
    const { id, n } = c.req.valid("param");
    if (principal.namespaces !== null) await visibleTask(principal, queue, id);
    return json(c, { token: await reports.tradeToken({ taskId: id, number: n }, principal.name) }, 201);
  });

  app.openapi(readTask, async (c) => {
    const of = ownAttempt(c.get("principal"));
    const task = await queue.getTask(of.taskId);
    if (!task) throw attemptNotFound(of.taskId, of.number);
    return json(c, taskJson(task), 200);
  });

  app.openapi(start, async (c) => {
    const { startedAt } = c.req.valid("json");
    await reports.recordStart(ownAttempt(c.get("principal")), new Date(startedAt).toISOString());
    return c.body(null, 204);
  });

  app.openapi(heartbeat, async (c) => {
    await reports.recordHeartbeat(ownAttempt(c.get("principal")));
    return c.body(null, 204);
  });

  app.openapi(progress, async (c) => {
    const { sequence, ...told } = c.req.valid("json");
    await reports.recordProgress(ownAttempt(c.get("principal")), told, sequence);
    return c.body(null, 204);
  });

  app.openapi(readPosition, async (c) =>
    c.json(await reports.logPosition(ownAttempt(c.get("principal"))), 200),
  );

  app.openapi(appendLog, async (c) => {
    const of = ownAttempt(c.get("principal"));
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    const { entries, consumed } = decodeFrames(bytes);
    if (consumed !== bytes.length) throw invalidFrames();
    if (entries.some(({ kind }) => kind === "gap")) throw notAnAgents();
    const settings = await queueSettings(queue);
    const how = {
      detect: createLevelDetector(levelWords(settings)),
      dropDebug: settings.get("keruta.logs.debug") === "drop",
    };
    return c.json(await reports.appendLog(of, entries, how), 200);
  });

  app.openapi(result, async (c) => {
    const of = ownAttempt(c.get("principal"));
    const report = c.req.valid("json");
    const bytes = Buffer.byteLength(JSON.stringify(report));
    if (bytes > maxResultBytes) throw resultTooLarge(bytes, maxResultBytes);
    if (report.taskId !== of.taskId) throw foreignResult(report.taskId, of.taskId);
    await reports.recordResult(of, report);
    return c.body(null, 204);
  });

  app.openapi(readReport, async (c) => {
    const { id, n } = c.req.valid("param");
    await visibleTask(c.get("principal"), queue, id);
    return json(c, { report: await queue.attemptReport(id, n) }, 200);
  });
  return app;
}

function levelWords(settings: Awaited<ReturnType<typeof queueSettings>>) {
  return {
    DEBUG: settings.get("keruta.logs.level-words.debug"),
    INFO: settings.get("keruta.logs.level-words.info"),
    WARN: settings.get("keruta.logs.level-words.warn"),
    ERROR: settings.get("keruta.logs.level-words.error"),
  };
}
