import pg from "pg";

/** How long a lock is waited for, as SQLite's queue waits for its file's. */
const lockMilliseconds = 10_000;
/** A process that stands still within a transaction keeps others from their locks no longer than this. */
const idleMilliseconds = 30_000;

/** What a connection of the queue relies on, whatever the server, the database and the user are set to. */
export function sessionSettings(schema: string | undefined): string {
  const settings = {
    lock_timeout: String(lockMilliseconds),
    idle_in_transaction_session_timeout: String(idleMilliseconds),
    standard_conforming_strings: "on",
    ...(schema !== undefined && { search_path: pg.escapeIdentifier(schema) }),
  };
  const each = Object.entries(settings).map(([name, value]) => `set ${name} = ${value}`);
  return [...each, durable].join("; ");
}

/** A task that was accepted outlives a crash of the server; a stronger setting than `on` stays. */
const durable = `select set_config('synchronous_commit', 'on', false)
  where current_setting('synchronous_commit') = 'off'`;
