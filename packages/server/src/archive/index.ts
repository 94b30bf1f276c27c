export { archiveLogs, type Archived, type ArchiveLogsDeps } from "./archive-logs.ts";
export { openArchivePlace } from "./open-place.ts";
export { removeUnusedArchives } from "./remove-unused.ts";
export { tryArchivePlace } from "./try-place.ts";
