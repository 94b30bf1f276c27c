import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { claimed, newTask } from "../../packages/shared/src/queue/queue.harness.ts";
import { openSqliteHarness } from "../../packages/shared/src/queue/sqlite/sqlite.harness.ts";
import { openApiHarness } from "./api.harness.ts";

// A server for a fuzzer (see CONTRIBUTING), until stdin ends: prints its address and an administrator's token, then
// the token of an agent with its task's id and its attempt's number.
const artifactRoot = await mkdtemp(join(tmpdir(), "keruta-fuzz-"));
const api = await openApiHarness(await openSqliteHarness(), { artifactRoot });
const { queue } = api.store;
await queue.writeSettings({ "keruta.artifacts.transport": "api" }, "fuzz");
await queue.addTask(newTask());
const { lease } = await claimed(queue, api.world.holder(1));
console.log(`${api.url} ${await api.token("admin", { name: "fuzz" })}`);
console.log(`${await queue.makeAgentToken(lease)} ${lease.taskId} ${String(lease.attempt)}`);
process.stdin.resume();
await new Promise((resolve) => process.stdin.once("end", resolve));
await api.dispose();
await rm(artifactRoot, { recursive: true });
