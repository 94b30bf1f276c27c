import { describe } from "vitest";
import { describeQueueReading } from "../queue-reading.suite.ts";
import { describeQueueModel } from "../queue-model.suite.ts";
import { describeQueueLog } from "../queue-log.suite.ts";
import { describeQueueTexts } from "../queue-texts.suite.ts";
import { describeQueueChanges } from "../queue-changes.suite.ts";
import { describeBoundClaims } from "../bound-claims.suite.ts";
import { describeQueueClaims } from "../queue-claims.suite.ts";
import { describeAccounts } from "../accounts.suite.ts";
import { describeLogArchive } from "../archive.suite.ts";
import { describeDeliveries } from "../deliveries.suite.ts";
import { describeNotices } from "../notices.suite.ts";
import { describeRetention } from "../retention.suite.ts";
import { describeReports } from "../reports.suite.ts";
import { describeQueue } from "../queue.suite.ts";
import { openPostgresHarness, server, testDatabase } from "./postgres.harness.ts";

describe.skipIf(!server)("on PostgreSQL", () => {
  const open = openPostgresHarness(testDatabase());
  describeQueue("the queue", open);
  describeQueueLog("the queue", open);
  // Each call is a way to the server and back: fewer runs take as long as SQLite's.
  describeQueueModel("the queue", open, 40);
  describeQueueReading("the queue", open);
  describeQueueTexts("the queue", open);
  describeQueueChanges("the queue", open);
  describeBoundClaims("the queue", open);
  describeQueueClaims("the queue", open);
  describeAccounts("the queue", open);
  describeNotices("the queue", open);
  describeDeliveries("the queue", open);
  describeRetention("the queue", open);
  describeReports("the queue", open);
  describeLogArchive("the queue", open);
});
