export { openSqliteQueue, openSqliteStore, type SqliteQueueOptions } from "./open.ts";
export { linuxFileSystem, type FileSystem } from "./file-system.ts";
export { crashPoints, type CrashPoint } from "../sql/crash-point.ts";
export { backupSqlite, type BackupOptions } from "./backup.ts";
export { checkSqlite } from "./check.ts";
export type { CheckProblem } from "../sql/check.ts";
export { restoreSqlite, type RestoreOptions } from "./restore.ts";
