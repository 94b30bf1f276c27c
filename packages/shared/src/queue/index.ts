export type * from "./accounts.ts";
export type * from "./queue.ts";
export type * from "./server-store.ts";
export type * from "./reports.ts";
export { digestOf, newSecret } from "./secret.ts";
export { submissions } from "./queue.ts";
export { holderName, isProvablyDead, type Holder, type ProcessTable } from "./holder.ts";
export { patientQueue, type PatienceOptions } from "./patient.ts";
export { createProcessTable, type ProcessReaders, type ProcessTableOptions } from "./process-table.ts";
