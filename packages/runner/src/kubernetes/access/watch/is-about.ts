import type { ClusterEvent } from "../../../cluster/objects.ts";

/** True of events about an object whose name begins so. */
export function isAbout(prefix: string): (object: object) => boolean {
  return (object) => {
    const { involvedObject } = object as Partial<ClusterEvent>;
    return involvedObject?.name?.startsWith(prefix) ?? false;
  };
}
