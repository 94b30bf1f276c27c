import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import {
  apiVersion,
  parseLabelSelector,
  taskJson,
  taskListJson,
  taskStatuses,
  type NewTask,
} from "@keruta/shared/domain";
import { requestIdHeader } from "@keruta/shared/api";
import { taskOrders } from "@keruta/shared/queue";
import { validateTask } from "@keruta/shared/taskfile";
import type { AppEnv, ServerDeps } from "../deps/env.ts";
import { refuseInvalid } from "../requests/validation.ts";
import { allow } from "../auth/allow.ts";
import { answer, body, count, flag, refusals, taskParams } from "../schemas/common.ts";
import { newTaskBody, taskAnswer, taskChangeBody, taskListAnswer } from "../schemas/task.ts";
import { admit } from "./admit.ts";
import { addedTask, audited } from "./audit.ts";
import { json } from "./json.ts";
import { readNewTask } from "./new-task.ts";
import { scopeOf, visibleReference, visibleTask } from "./visible.ts";

const many = <T extends z.ZodType>(item: T) =>
  z.union([item.transform((one) => [one]), z.array(item)]).optional();

const listTasks = createRoute({
  method: "get",
  path: "/tasks",
  summary: "List tasks, newest first unless asked otherwise",
  middleware: allow("read"),
  request: {
    query: z.object({
      status: many(z.enum(taskStatuses)),
      label: many(z.string().max(4096)).openapi({ example: "team=docs" }),
      search: z.string().max(1024).optional(),
      order: z.enum(taskOrders).optional(),
      limit: count(1000).optional(),
      cursor: z.string().max(256).optional(),
      counted: flag.optional().openapi({ description: "Also count all that are found" }),
    }),
  },
  responses: { 200: answer(taskListAnswer, "A page of tasks"), ...refusals },
});

const addTask = createRoute({
  method: "post",
  path: "/tasks",
  summary: "Add a task",
  description:
    "With an Idempotency-Key (or requestId) the same request again answers with the task of the first.",
  middleware: allow("write"),
  request: {
    headers: z.object({ [requestIdHeader]: z.string().max(256).optional() }),
    body: body(newTaskBody),
  },
  responses: {
    201: answer(taskAnswer, "The task"),
    200: answer(taskAnswer, "The task of an earlier request with the same key"),
    ...refusals,
  },
});

const getTask = createRoute({
  method: "get",
  path: "/tasks/{id}",
  summary: "Show a task with all its attempts",
  middleware: allow("read"),
  request: { params: taskParams, query: z.object({ exact: flag.optional() }) },
  responses: { 200: answer(taskAnswer, "The task"), ...refusals },
});

const updateTask = createRoute({
  method: "patch",
  path: "/tasks/{id}",
  summary: "Change a task that is PENDING",
  middleware: allow("write"),
  request: { params: taskParams, body: body(taskChangeBody) },
  responses: { 200: answer(taskAnswer, "The task as it is now"), ...refusals },
});

const deleteTask = createRoute({
  method: "delete",
  path: "/tasks/{id}",
  summary: "Delete a task with its log and artifacts",
  middleware: allow("write"),
  request: { params: taskParams },
  responses: { 204: { description: "It is gone" }, ...refusals },
});

const cancelTask = createRoute({
  method: "post",
  path: "/tasks/{id}/cancel",
  summary: "Cancel a task",
  middleware: allow("write"),
  request: { params: taskParams },
  responses: {
    200: answer(
      z.object({ task: taskAnswer, outcome: z.enum(["cancelled", "requested", "unchanged"]) }),
      "What became of it",
    ),
    ...refusals,
  },
});

const retryTask = createRoute({
  method: "post",
  path: "/tasks/{id}/retry",
  summary: "Run a FAILED task again",
  middleware: allow("write"),
  request: { params: taskParams },
  responses: { 200: answer(taskAnswer, "The task, PENDING"), ...refusals },
});

export function taskRoutes(deps: ServerDeps): OpenAPIHono<AppEnv> {
  const { queue } = deps;
  const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });

  app.openapi(listTasks, async (c) => {
    const { status: statuses, label = [], search, order, limit, cursor, counted } = c.req.valid("query");
    const page = await queue.listTasks({
      ...(await scopeOf(c.get("principal"), queue)),
      labels: label.flatMap(parseLabelSelector),
      ...(statuses && { statuses }),
      ...(search !== undefined && { search }),
      ...(limit !== undefined && { limit }),
      ...(cursor !== undefined && { cursor }),
      ...(order !== undefined && { order }),
      ...(counted !== undefined && { counted }),
    });
    return json(c, taskListJson(page.items, page.nextCursor, page.total), 200);
  });

  app.openapi(addTask, async (c) => {
    const principal = c.get("principal");
    const header = c.req.valid("header")[requestIdHeader];
    const { task, requestId = header } = readNewTask(c.req.valid("json"));
    const add = await admit(principal, queue, task);
    const createdBy = principal.name;
    const scope = await scopeOf(principal, queue);
    const added = await audited(
      deps,
      c,
      (stores) =>
        stores.queue.addTask({ ...add, ...scope, createdBy, ...(requestId !== undefined && { requestId }) }),
      addedTask,
    );
    return json(c, taskJson(added.task), added.created ? 201 : 200);
  });

  app.openapi(getTask, async (c) => {
    const { id } = c.req.valid("param");
    const isExact = c.req.valid("query").exact === true;
    const find = isExact ? visibleTask : visibleReference;
    return json(c, taskJson(await find(c.get("principal"), queue, id)), 200);
  });

  app.openapi(updateTask, async (c) => {
    const principal = c.get("principal");
    const task = await visibleReference(principal, queue, c.req.valid("param").id);
    const given = c.req.valid("json");
    const { title, description, priority, labels, spec } = task;
    const whole = { apiVersion, kind: "Task", title, description, priority, labels, spec, ...given };
    const valid = await admit(principal, queue, validateTask(whole, { name: "the request" }));
    const change = Object.fromEntries(Object.keys(given).map((key) => [key, valid[key as keyof NewTask]]));
    const details = { changed: Object.keys(given) };
    const updated = await audited(
      deps,
      c,
      (stores) => stores.queue.updateTask(task.id, change),
      () => ({ action: "task.update", target: task.id, details }),
    );
    return json(c, taskJson(updated), 200);
  });

  app.openapi(deleteTask, async (c) => {
    const { id } = await visibleReference(c.get("principal"), queue, c.req.valid("param").id);
    await audited(
      deps,
      c,
      (stores) => stores.queue.deleteTask(id),
      () => ({ action: "task.delete", target: id }),
    );
    return c.body(null, 204);
  });

  app.openapi(cancelTask, async (c) => {
    const principal = c.get("principal");
    const { id } = await visibleReference(principal, queue, c.req.valid("param").id);
    const { task, outcome } = await audited(
      deps,
      c,
      (stores) => stores.queue.cancelTask(id, principal.name),
      (cancelled) => (cancelled.outcome === "unchanged" ? null : { action: "task.cancel", target: id }),
    );
    return json(c, { task: taskJson(task), outcome }, 200);
  });

  app.openapi(retryTask, async (c) => {
    const principal = c.get("principal");
    const { id } = await visibleReference(principal, queue, c.req.valid("param").id);
    const task = await audited(
      deps,
      c,
      (stores) => stores.queue.retryTask(id, principal.name),
      () => ({ action: "task.retry", target: id }),
    );
    return json(c, taskJson(task), 200);
  });
  return app;
}
