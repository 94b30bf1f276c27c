export type { CancelWishes } from "./cancel-wishes.ts";
export { driveCrashPoints, type DriveCrashPoint, type RunnerDeps } from "./deps.ts";
export type { DriveOutcome } from "./drive-outcome.ts";
export type { AttemptObserver } from "./observer.ts";
export type { RunSettings } from "./run-settings.ts";
export type { Timers } from "./timers.ts";
export { sharedCancelWishes } from "./shared-cancel-wishes.ts";
export { keepHeapSmall } from "./small-heap.ts";
