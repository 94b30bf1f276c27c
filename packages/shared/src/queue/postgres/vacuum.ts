import type { Pool, QueryConfig } from "pg";

/** Of a table as large as a disk; a server that is gone is noticed by the connection's keep-alive before. */
const longestMilliseconds = 24 * 60 * 60_000;

/**
 * Not within a transaction: others write meanwhile, and pages at the end that are empty are cut off. One that is under
 * way elsewhere does the same work, and is not waited for.
 */
const query: QueryConfig & { readonly query_timeout: number } = {
  text: "vacuum (skip_locked) log_blocks",
  query_timeout: longestMilliseconds,
};

/** Gives the space of removed blocks back; where `signal` aborts it is left to the server. */
export async function vacuum(pool: Pool, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const client = await pool.connect();
  // Its end would wait for the answer.
  const leave = () => client.connection.stream.destroy();
  signal.addEventListener("abort", leave, { once: true });
  try {
    await client.query(query);
    client.release();
  } catch (error) {
    client.release(true);
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener("abort", leave);
  }
}
