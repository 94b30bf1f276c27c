export { archiveDueLogs, type ArchivedLogs } from "./archive-due-logs.ts";
export type { Chore } from "./chore.ts";
export { reclaimSpace } from "./reclaim-space.ts";
export { startStoreChores, type UpkeepRules } from "./store-chores.ts";
