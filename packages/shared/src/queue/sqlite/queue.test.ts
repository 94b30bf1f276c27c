import { describeQueueLog } from "../queue-log.suite.ts";
import { describeQueue } from "../queue.suite.ts";
import { openSqliteHarness } from "./sqlite.harness.ts";

describeQueue("the queue on SQLite", openSqliteHarness);
describeQueueLog("the queue on SQLite", openSqliteHarness);
