import type { ClusterEvent, Job, ObjectMeta, ObjectOf, Pod, WatchKind } from "./index.ts";

/** An object without what no driver reads: most of it is managedFields and the Pod's template. */
export function compact<K extends WatchKind>(kind: K, object: ObjectOf[K]): ObjectOf[K] {
  return compactors[kind](object);
}

const compactors: { readonly [K in WatchKind]: (object: ObjectOf[K]) => ObjectOf[K] } = {
  jobs: ({ metadata, status }: Job): Job => ({ metadata: metaOf(metadata), ...given({ status }) }),
  pods: ({ metadata, spec, status }: Pod): Pod => ({
    metadata: metaOf(metadata),
    ...given({ spec: spec && podSpec(spec), status }),
  }),
  events: ({ metadata, involvedObject, ...event }: ClusterEvent): ClusterEvent => {
    const { kind, name, uid, fieldPath } = involvedObject;
    const { type, reason, message, count, firstTimestamp, lastTimestamp, eventTime, series } = event;
    return {
      metadata: metaOf(metadata),
      involvedObject: given({ kind, name, uid, fieldPath }),
      ...given({ type, reason, message, count, firstTimestamp, lastTimestamp, eventTime, series }),
    };
  },
};

function podSpec(spec: NonNullable<Pod["spec"]>): NonNullable<Pod["spec"]> {
  const { nodeName, activeDeadlineSeconds, schedulingGates } = spec;
  return given({ nodeName, activeDeadlineSeconds, schedulingGates });
}

function metaOf(metadata: ObjectMeta): ObjectMeta {
  const { name, namespace, uid, creationTimestamp, deletionTimestamp } = metadata;
  const { deletionGracePeriodSeconds, labels, annotations } = metadata;
  return {
    name,
    uid,
    ...given({
      namespace,
      creationTimestamp,
      deletionTimestamp,
      deletionGracePeriodSeconds,
      labels,
      annotations,
    }),
  };
}

type Given<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** The fields that are there. */
function given<T extends object>(fields: T): Given<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>;
}
