export type * from "./cluster.ts";
export type * from "./objects.ts";
export { answeredStatus } from "./answered-status.ts";
export { compact } from "./compact.ts";
export { execToEnd, type ExecResult, type ExecToEndOptions } from "./exec-to-end.ts";
export { isTransient } from "./is-transient.ts";
export {
  claimRights,
  driverRights,
  execRights,
  namespaceRights,
  resourceName,
  secretRights,
  type Right,
} from "./rights.ts";
export { shareWatches, type ShareWatchesOptions } from "./shared-watch/share-watches.ts";
