import { describeQueueChanges } from "../../packages/shared/src/queue/queue-changes.suite.ts";
import { describeBoundClaims } from "../../packages/shared/src/queue/bound-claims.suite.ts";
import { describeQueueClaims } from "../../packages/shared/src/queue/queue-claims.suite.ts";
import { describeQueueLog } from "../../packages/shared/src/queue/queue-log.suite.ts";
import { describeQueueModel } from "../../packages/shared/src/queue/queue-model.suite.ts";
import { describeQueueReading } from "../../packages/shared/src/queue/queue-reading.suite.ts";
import { describeQueue } from "../../packages/shared/src/queue/queue.suite.ts";
import { openSqliteHarness } from "../../packages/shared/src/queue/sqlite/sqlite.harness.ts";
import { openApiHarness } from "./api.harness.ts";

const open = async () => openApiHarness(await openSqliteHarness());

describeQueue("the API's client", open);
describeQueueLog("the API's client", open);
// Each call is a way to the server and back: fewer runs take as long as SQLite's.
describeQueueModel("the API's client", open, 40);
describeQueueReading("the API's client", open);
describeQueueChanges("the API's client", open);
describeBoundClaims("the API's client", open);
describeQueueClaims("the API's client", open);
