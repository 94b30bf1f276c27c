import { brokenRules, type CheckProblem } from "../sql/check.ts";
import { parseAddress, type UrlAndEnvironment } from "./address.ts";
import { noQueue } from "./refusals.ts";
import { withConnections } from "./open.ts";
import { createRunner } from "./run.ts";
import { schemaState } from "./schema-state.ts";
import { readOnce } from "./transaction.ts";

/**
 * What breaks keruta's own rules; nothing is changed. Pages, keys and references are PostgreSQL's to keep. Throws
 * KRT_DB_… for a database without a queue.
 */
export async function checkPostgres(at: UrlAndEnvironment): Promise<readonly CheckProblem[]> {
  const address = parseAddress(at);
  return await withConnections({ address, maxConnections: 1 }, async ({ pool, close, useSchema }) => {
    const client = await pool.connect();
    let uid: string;
    try {
      const state = await schemaState(client, address);
      if (state.kind === "empty") throw noQueue(address, state.schema);
      await useSchema(client, state.schema);
      uid = state.uid;
    } finally {
      client.release();
    }
    const runner = createRunner({ uid, crashPoint: () => {} });
    const problems = await readOnce({ pool, runner }, brokenRules);
    await close();
    return problems;
  });
}
