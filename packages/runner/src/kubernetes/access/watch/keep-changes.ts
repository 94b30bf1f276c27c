import type { Change } from "../../../cluster/cluster.ts";
import type { ClusterEvent } from "../../../cluster/objects.ts";

/** Only the changes of objects that are wanted; of a snapshot only those objects. */
export async function* keepChanges<T>(
  changes: AsyncIterable<Change<T>>,
  isWanted: (object: T) => boolean,
): AsyncGenerator<Change<T>, void> {
  for await (const change of changes) {
    if (change.type === "snapshot") yield { type: "snapshot", items: change.items.filter(isWanted) };
    else if (change.type === "interrupted" || isWanted(change.object)) yield change;
  }
}

/** True of events about an object whose name begins so. */
export function isAbout(prefix: string): (object: object) => boolean {
  return (object) => {
    const { involvedObject } = object as Partial<ClusterEvent>;
    return involvedObject?.name?.startsWith(prefix) ?? false;
  };
}
