import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { archiveType } from "@keruta/shared/api";
import { attemptNotFound } from "@keruta/shared/domain";
import type { AppEnv, ServerDeps } from "../deps/env.ts";
import { onOwnAttempt, ownAttempt } from "../auth/own-attempt.ts";
import { refuseInvalid } from "../requests/validation.ts";
import { answer, count, refusals } from "../schemas/common.ts";
import { attemptParams, uploadStart } from "../schemas/report.ts";
import { artifactSummary } from "../schemas/task.ts";
import { createUploads } from "../uploads/index.ts";
import { otherTransport } from "../uploads/refusals.ts";
import { json } from "./json.ts";
import { queueSettings } from "./visible.ts";

const uploadPath = "/tasks/{id}/attempts/{n}/artifacts";

const begin = createRoute({
  method: "post",
  path: uploadPath,
  summary:
    "Begin to upload the attempt's artifacts, or learn where to go on; ends a stream that is still read",
  middleware: onOwnAttempt,
  request: { params: attemptParams },
  responses: { 200: answer(uploadStart, "Where the stream is to begin"), ...refusals },
});

const bytes = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

const upload = createRoute({
  method: "put",
  path: uploadPath,
  summary:
    "The artifacts as one tar stream, of any length, with a trailer of their digests as its last entry",
  middleware: onOwnAttempt,
  request: {
    params: attemptParams,
    query: z.object({ from: count(1_000_000), offset: bytes }),
    body: { content: { [archiveType]: { schema: z.string().openapi({ format: "binary" }) } } },
  },
  responses: { 200: answer(artifactSummary, "What is stored, and what is not and why"), ...refusals },
});

export function artifactUploadRoutes(deps: ServerDeps): OpenAPIHono<AppEnv> {
  const { queue } = deps;
  const uploads = createUploads(deps);
  const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });

  app.openapi(begin, async (c) => {
    const of = ownAttempt(c.get("principal"));
    const settings = await queueSettings(queue);
    const transport = settings.get("keruta.artifacts.transport");
    // Where drivers collect by themselves, a Pod would write into what they do.
    if (transport !== "api") throw otherTransport(transport);
    const task = await queue.getTask(of.taskId);
    if (!task) throw attemptNotFound(of.taskId, of.number);
    return json(c, await uploads.begin(of, task, settings), 200);
  });

  app.openapi(upload, async (c) => {
    const of = ownAttempt(c.get("principal"));
    // An answer that comes before the stream's end leaves a connection that nothing else can use.
    c.header("connection", "close");
    const body = c.req.raw.body ?? emptyBody();
    return json(c, await uploads.take(of, c.req.valid("query"), body), 200);
  });
  return app;
}

function emptyBody(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.close();
    },
  });
}
