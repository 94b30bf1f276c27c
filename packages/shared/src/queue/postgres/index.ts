export { postgresName } from "./address.ts";
export { checkPostgres } from "./check.ts";
export { openPostgresQueue, type PostgresQueueOptions } from "./open.ts";
