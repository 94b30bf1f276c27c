import { createRoute, OpenAPIHono, z } from "@hono/zod-openapi";
import { checkForcedRunner, decodeFrames, mayDo, taskJson, type Principal } from "@keruta/shared/domain";
import { framesType, leaseHeader, type ClaimJson } from "@keruta/shared/api";
import type { Claim, Lease } from "@keruta/shared/queue";
import type { Context } from "hono";
import type { AppEnv, ServerDeps } from "../deps/env.ts";
import { refuseInvalid } from "../requests/validation.ts";
import { allow } from "../auth/allow.ts";
import { forbidden } from "../auth/refusals.ts";
import {
  artifactsBody,
  attemptChange,
  claimAnswer,
  claimBody,
  claimParams,
  leaseHeaders,
  settleBody,
  tokenAnswer,
} from "../schemas/claim.ts";
import { answer, body, refusals } from "../schemas/common.ts";
import { exact } from "../schemas/exact.ts";
import { taskAnswer } from "../schemas/task.ts";
import { admit } from "./admit.ts";
import { addedTask, audited } from "./audit.ts";
import { json } from "./json.ts";
import { readNewTask } from "./new-task.ts";
import { invalidFrames } from "./refusals.ts";
import { claimScopeOf, queueSettings, scopeOf, visibleTask } from "./visible.ts";

const drive = allow("drive");
const ofClaim = { params: claimParams, headers: leaseHeaders };

const claim = createRoute({
  method: "post",
  path: "/claims",
  summary: "Lease the next task, a certain one, or one that is added with the claim",
  middleware: drive,
  request: { body: body(claimBody) },
  responses: { 200: answer(claimAnswer, "The claim, or null where there is nothing to run"), ...refusals },
});

const readClaim = createRoute({
  method: "get",
  path: "/claims/{id}",
  summary: "Where the local runner left an attempt's files",
  middleware: drive,
  request: { params: claimParams },
  responses: {
    200: answer(z.object({ local: z.object({ directory: z.string() }).nullable() }), "The place"),
    ...refusals,
  },
});

const renew = createRoute({
  method: "post",
  path: "/claims/{id}/renew",
  summary: "Renew a lease; tells whether the task is to be cancelled",
  middleware: drive,
  request: ofClaim,
  responses: {
    200: answer(
      z.union([
        z.object({ held: z.literal(true), cancelRequested: z.boolean(), expiresAt: z.string() }),
        z.object({ held: z.literal(false) }),
      ]),
      "The lease",
    ),
    ...refusals,
  },
});

const record = createRoute({
  method: "patch",
  path: "/claims/{id}",
  summary: "Record what became known of the attempt",
  middleware: drive,
  request: { ...ofClaim, body: body(attemptChange) },
  responses: { 204: { description: "It is recorded" }, ...refusals },
});

const release = createRoute({
  method: "delete",
  path: "/claims/{id}",
  summary: "Hand the attempt back: the next driver goes on with it",
  middleware: drive,
  request: ofClaim,
  responses: { 204: { description: "It is handed back" }, ...refusals },
});

const settle = createRoute({
  method: "post",
  path: "/claims/{id}/settle",
  summary: "Write the attempt's result",
  middleware: drive,
  request: { ...ofClaim, body: body(settleBody) },
  responses: { 200: answer(taskAnswer, "The task as it is now"), ...refusals },
});

const makeToken = createRoute({
  method: "post",
  path: "/claims/{id}/token",
  summary: "Make the token with which the attempt's agent may report on it; it is told this once",
  middleware: drive,
  request: ofClaim,
  responses: { 201: answer(tokenAnswer, "The token; an earlier one is worth nothing any more"), ...refusals },
});

const appendLog = createRoute({
  method: "post",
  path: "/claims/{id}/log",
  summary: "Append log entries; those that are stored already are dropped",
  middleware: drive,
  request: {
    ...ofClaim,
    body: { content: { [framesType]: { schema: z.string().openapi({ format: "binary" }) } } },
  },
  responses: {
    200: answer(
      z.object({ sequence: z.number(), stdoutBytes: z.number(), stderrBytes: z.number() }),
      "Up to where the log is stored",
    ),
    ...refusals,
  },
});

const recordArtifacts = createRoute({
  method: "put",
  path: "/claims/{id}/artifacts",
  summary: "Replace the list of the attempt's artifacts",
  middleware: drive,
  request: { ...ofClaim, body: body(artifactsBody) },
  responses: { 204: { description: "The list is stored" }, ...refusals },
});

export function claimRoutes(deps: ServerDeps): OpenAPIHono<AppEnv> {
  const { queue, clock, metrics } = deps;
  const app = new OpenAPIHono<AppEnv>({ defaultHook: refuseInvalid });

  app.openapi(claim, async (c) => {
    const principal = c.get("principal");
    const { terms, taskId, namespaces: asked, add } = exact(c.req.valid("json"));
    if (terms.forceRunner !== undefined) checkForcedRunner(terms.forceRunner, await queueSettings(queue));
    if (add !== undefined) {
      if (!mayDo(principal.role, "write")) throw forbidden(principal, "write");
      const { task, requestId } = readNewTask(add);
      const whole = {
        ...(await admit(principal, queue, task)),
        ...(await scopeOf(principal, queue)),
        createdBy: principal.name,
        claim: terms,
        ...(requestId !== undefined && { requestId }),
      };
      const added = await audited(deps, c, (stores) => stores.queue.addTask(whole), addedTask);
      const claimed = added.claim && claimJson(added.claim);
      return json(c, { claim: claimed, task: taskJson(added.task), created: added.created }, 200);
    }
    // Told apart from one that cannot be had; the claim itself is bound all the same, since it may change in between.
    if (taskId !== undefined) await visibleTask(principal, queue, taskId);
    const namespaces = await claimScopeOf(principal, queue, { driverDefault: terms.namespace, asked });
    const begun = clock();
    const claimed = await queue.claim({
      ...terms,
      ...(taskId !== undefined && { taskId }),
      ...(namespaces && { namespaces }),
    });
    metrics.claim((clock() - begun) / 1000);
    return json(c, { claim: claimed ? claimJson(claimed) : null }, 200);
  });

  app.openapi(readClaim, async (c) => {
    const { taskId, attempt } = await attemptOf(c.get("principal"), c.req.valid("param").id);
    return c.json({ local: await queue.localRun(taskId, attempt) }, 200);
  });

  app.openapi(renew, async (c) => json(c, await queue.renewLease(await leaseOf(c)), 200));

  app.openapi(record, async (c) => {
    const { progress, ...change } = exact(c.req.valid("json"));
    const lease = await leaseOf(c);
    if (Object.keys(change).length > 0 || progress === undefined) await queue.recordAttempt(lease, change);
    if (progress !== undefined) await queue.recordProgress(lease, progress);
    return c.body(null, 204);
  });

  app.openapi(release, async (c) => {
    await queue.releaseLease(await leaseOf(c));
    return c.body(null, 204);
  });

  app.openapi(settle, async (c) => {
    const { result, retry, logSequence } = exact(c.req.valid("json"));
    return json(c, taskJson(await queue.settle(await leaseOf(c), result, retry, logSequence)), 200);
  });

  app.openapi(makeToken, async (c) => json(c, { token: await queue.makeAgentToken(await leaseOf(c)) }, 201));

  app.openapi(appendLog, async (c) => {
    const lease = await leaseOf(c);
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    const { entries, consumed } = decodeFrames(bytes);
    if (consumed !== bytes.length) throw invalidFrames();
    const position = await queue.appendLog(lease, entries);
    const newest = entries.at(-1);
    if (newest) metrics.logLag((clock() - newest.time) / 1000);
    return c.json(position, 200);
  });

  app.openapi(recordArtifacts, async (c) => {
    const { files, summary } = exact(c.req.valid("json"));
    await queue.recordArtifacts(await leaseOf(c), files, summary);
    return c.body(null, 204);
  });

  /** The attempt that an address names, of a task that the caller may see. */
  const attemptOf = async (principal: Principal, id: string) => {
    const at = id.lastIndexOf("-");
    const [taskId, attempt] = [id.slice(0, at), Number(id.slice(at + 1))];
    if (principal.namespaces !== null) await visibleTask(principal, queue, taskId);
    return { taskId, attempt };
  };

  /** Of a request whose parts were validated before. */
  const leaseOf = async (c: Context<AppEnv>): Promise<Lease> => ({
    ...(await attemptOf(c.get("principal"), c.req.param("id") ?? "")),
    token: c.req.header(leaseHeader) ?? "",
  });
  return app;
}

function claimJson(claim: Claim): ClaimJson {
  return { ...claim, task: taskJson(claim.task) };
}
