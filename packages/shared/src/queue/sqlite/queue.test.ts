import { describeQueueReading } from "../queue-reading.suite.ts";
import { describeQueueModel } from "../queue-model.suite.ts";
import { describeQueueLog } from "../queue-log.suite.ts";
import { describeQueueChanges } from "../queue-changes.suite.ts";
import { describeQueueClaims } from "../queue-claims.suite.ts";
import { describeAccounts } from "../accounts.suite.ts";
import { describeQueue } from "../queue.suite.ts";
import { describeQueueTexts } from "../queue-texts.suite.ts";
import { openSqliteHarness } from "./sqlite.harness.ts";

describeQueue("the queue on SQLite", openSqliteHarness);
describeQueueLog("the queue on SQLite", openSqliteHarness);
describeQueueModel("the queue on SQLite", openSqliteHarness);
describeQueueReading("the queue on SQLite", openSqliteHarness);
describeQueueClaims("the queue on SQLite", openSqliteHarness);
describeQueueTexts("the queue on SQLite", openSqliteHarness);
describeQueueChanges("the queue on SQLite", openSqliteHarness);
describeAccounts("the queue on SQLite", openSqliteHarness);
