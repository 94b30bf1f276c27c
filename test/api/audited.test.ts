import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, beforeEach, expect, test } from "vitest";
import { digestOf, newSecret } from "../../packages/server/src/auth/digest.ts";
import { openApiQueue } from "../../packages/shared/src/api/index.ts";
import type { Queue } from "../../packages/shared/src/queue/index.ts";
import { createWorld, failure, newTask, terms } from "../../packages/shared/src/queue/queue.harness.ts";
import { serve, type Served } from "./served.ts";

const token = newSecret("krt", randomBytes);
const holder = createWorld().holder(1);

let directory: string;
let served: Served;
let queue: Queue;
/** While it is there the audit log takes nothing. */
let refusal: (change: "create" | "drop") => void;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "keruta-audited-"));
  const path = join(directory, "keruta.db");
  served = await serve({ path });
  const by = { namespaces: null, expiresAt: null, attempt: null, createdBy: "test" };
  await served.accounts.addToken({ name: "me", role: "admin", digest: digestOf(token), ...by });
  queue = await openApiQueue({ url: served.url, token, language: "en", userAgent: "test", fetch });
  refusal = (change) => {
    const db = new Database(path);
    if (change === "drop") db.exec("drop trigger refusal");
    else db.exec("create trigger refusal before insert on audit begin select raise(abort, 'not now'); end");
    db.close();
  };
});
afterEach(async () => {
  await queue.close();
  await served[Symbol.asyncDispose]();
  await rm(directory, { recursive: true });
});

/** What is made again after it failed is done once, and told as done. */
async function failsThenHolds<T>(change: () => Promise<T>): Promise<T> {
  refusal("create");
  await expect(change()).rejects.toMatchObject({ code: "KRT_INTERNAL" });
  refusal("drop");
  return await change();
}

test("a change whose entry in the audit log cannot be written is not made, and may be made again", async () => {
  const { task } = await failsThenHolds(() => queue.addTask(newTask()));
  expect((await queue.listTasks({ counted: true })).total).toBe(1);
  await failsThenHolds(() => queue.addTask({ ...newTask(), claim: terms(holder) }));
  expect((await queue.queueStatus()).counts).toMatchObject({ PENDING: 1, IN_PROGRESS: 1 });

  const claim = await queue.claim({ ...terms(holder), taskId: task.id });
  if (!claim) throw new Error("nothing to claim");
  await queue.settle(claim.lease, failure, null);
  await failsThenHolds(() => queue.retryTask(task.id, ""));
  await failsThenHolds(() => queue.updateTask(task.id, { priority: 3 }));
  expect(await failsThenHolds(() => queue.cancelTask(task.id, ""))).toMatchObject({ outcome: "cancelled" });
  await failsThenHolds(() => queue.deleteTask(task.id));

  const actions = (await served.accounts.listAudit({ limit: 100 })).map(({ action }) => action);
  const tasks = ["task.add", "task.add", "task.retry", "task.update", "task.cancel", "task.delete"];
  expect(actions.toReversed()).toEqual(tasks);
});
