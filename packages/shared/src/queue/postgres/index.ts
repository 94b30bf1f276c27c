export { postgresName } from "./address.ts";
export { checkPostgres } from "./check.ts";
export { openPostgresQueue, openPostgresStore, type PostgresQueueOptions } from "./open.ts";
