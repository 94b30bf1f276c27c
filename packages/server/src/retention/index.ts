export { removeAllExpired, type RemovedAll } from "./remove-all-expired.ts";
