import type { RetentionStore } from "../../retention.ts";
import type { Context } from "../context.ts";
import type { Store } from "../queue.ts";
import { removeExpired } from "./remove-expired.ts";

/** Removal of what is over its time, over any SQL database. */
export function createSqlRetention({ write }: Store, context: Context): RetentionStore {
  return {
    removeExpired: (usual, from) => write(() => removeExpired(usual, from, context), undefined, "vital"),
  };
}
