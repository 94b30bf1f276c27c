import { describe } from "vitest";
import { createProcessTable } from "../process-table.ts";
import { describeQueueCrashes } from "../queue-crash.suite.ts";
import { describeQueueProcesses } from "../queue-processes.suite.ts";
import { newPostgresStore, server, testDatabase } from "./postgres.harness.ts";

describe.skipIf(!server)("on PostgreSQL", () => {
  const database = testDatabase();
  const processes = createProcessTable({ platform: process.platform, pid: process.pid });
  const machine = { processes, node: process.execPath };
  const newStore = () => newPostgresStore(database);
  // Claims of twelve run beside each other, and each may be told of when the eleven others have been.
  describeQueueProcesses("the queue", newStore, { ...machine, passedOver: 11 });
  describeQueueCrashes("the queue", newStore, machine);
});
