import { join } from "node:path";
import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { attemptNotFound, KerutaError, type Task } from "@keruta/shared/domain";
import { bytesOfArtifact, placeOfArtifact } from "../artifacts/stored-artifact.ts";
import type { AppEnv, ServerDeps } from "../deps/env.ts";
import { refuseInvalid } from "../requests/validation.ts";
import { allow } from "../auth/allow.ts";
import { artifactFile } from "../schemas/claim.ts";
import { answer, count, refusals, taskParams } from "../schemas/common.ts";
import { bodyOf } from "./body-of.ts";
import { json } from "./json.ts";
import { visibleReference } from "./visible.ts";

const artifactPath = z.string().min(1).max(4096);

const listArtifacts = createRoute({
  method: "get",
  path: "/tasks/{id}/artifacts",
  summary: "The files that an attempt left, or the one of a path",
  middleware: allow("read"),
  request: {
    params: taskParams,
    query: z.object({ attempt: count(1_000_000).optional(), path: artifactPath.optional() }),
  },
  responses: { 200: answer(z.object({ items: z.array(artifactFile) }), "The files"), ...refusals },
});

const getArtifact = createRoute({
  method: "get",
  path: "/tasks/{id}/artifacts/file",
  summary: "One file, as it was collected and verified",
  middleware: allow("read"),
  request: {
    params: taskParams,
    query: z.object({ path: artifactPath, attempt: count(1_000_000).optional() }),
  },
  responses: {
    200: { description: "Its bytes", content: { "application/octet-stream": { schema: z.string() } } },
    ...refusals,
  },
});

export function artifactRoutes(deps: ServerDeps): OpenAPIHono<AppEnv> {
  const { queue } = deps;
  const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });

  app.openapi(listArtifacts, async (c) => {
    const task = await visibleReference(c.get("principal"), queue, c.req.valid("param").id);
    const { attempt: asked, path } = c.req.valid("query");
    const attempt = numberOf(task, asked);
    return json(c, { items: attempt === 0 ? [] : await queue.listArtifacts(task.id, attempt, path) }, 200);
  });

  app.openapi(getArtifact, async (c) => {
    const task = await visibleReference(c.get("principal"), queue, c.req.valid("param").id);
    const { path, attempt: asked } = c.req.valid("query");
    const attempt = numberOf(task, asked);
    const [file] = await queue.listArtifacts(task.id, attempt, path);
    if (!file || file.sha256 === null) throw noArtifact(task.id, path);
    const directory = join(await deps.artifactRoot(), task.id, String(attempt));
    const place = await placeOfArtifact(directory, file);
    if (place === undefined) throw elsewhere(task.id, path);
    c.header("content-type", "application/octet-stream");
    c.header("content-length", String(file.bytes));
    c.header("x-content-type-options", "nosniff");
    c.header(
      "content-disposition",
      `attachment; filename*=UTF-8''${encodeURIComponent(path.split("/").at(-1) ?? "")}`,
    );
    c.header("repr-digest", `sha-256=:${Buffer.from(file.sha256, "hex").toString("base64")}:`);
    const onFailure = (error: unknown) => {
      deps.log.error({ requestId: c.get("requestId"), error: String(error) }, "an artifact broke off");
    };
    return c.body(bodyOf(bytesOfArtifact(place, file), { cut: c.get("cut"), onFailure })) as never;
  });
  return app;
}

function numberOf(task: Task, asked: number | undefined): number {
  if (asked !== undefined && !task.attempts.some(({ number }) => number === asked)) {
    throw attemptNotFound(task.id, asked);
  }
  return asked ?? task.attempts.at(-1)?.number ?? 0;
}

function noArtifact(taskId: string, path: string): KerutaError {
  return new KerutaError(
    "KRT_ARTIFACT_NOT_FOUND",
    {
      en: `Task ${taskId} has no artifact "${path}".`,
      ja: `タスク ${taskId} に成果物「${path}」はありません。`,
    },
    {
      hint: {
        en: `List them with \`keruta artifacts list ${taskId}\`.`,
        ja: `\`keruta artifacts list ${taskId}\` で一覧できます。`,
      },
      details: { taskId, path },
    },
  );
}

function elsewhere(taskId: string, path: string): KerutaError {
  return new KerutaError(
    "KRT_ARTIFACT_NOT_FOUND",
    {
      en: `The artifact "${path}" of task ${taskId} is not in this server's store: another machine's driver collected it.`,
      ja: `タスク ${taskId} の成果物「${path}」は、このサーバーの保存先にありません（別のマシンが収集しました）。`,
    },
    {
      hint: {
        en: "Set keruta.artifacts.store to a directory that server and workers share.",
        ja: "keruta.artifacts.store を、サーバーとワーカーが共有するディレクトリにしてください。",
      },
      details: { taskId, path },
    },
  );
}
