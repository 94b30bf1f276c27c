import { createProcessTable } from "../process-table.ts";
import { describeQueueProcesses } from "../queue-processes.suite.ts";
import { newSqliteStore } from "./sqlite.harness.ts";

const processes = createProcessTable({ platform: process.platform, pid: process.pid });

describeQueueProcesses("SQLite", newSqliteStore, { processes, node: process.execPath, passedOver: 0 });
