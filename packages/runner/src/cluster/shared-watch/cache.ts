interface Named {
  readonly metadata: { readonly uid: string };
}

/**
 * Objects by attempt. Those of attempts that somebody reads stay; of the others, which may still be asked for, only
 * the latest. Of what had to go its key is known, so that nobody takes it for something that is not there.
 */
export interface Cache<T> {
  put(key: string, object: T, isNew: boolean): void;
  remove(key: string, uid: string): void;
  clear(): void;
  list(key: string): readonly T[];
  wasDropped(key: string): boolean;
  /** Somebody reads it from now on. */
  hold(key: string): void;
  letGo(key: string): void;
  /** Attempts whose objects are here. */
  readonly size: number;
}

export function createCache<T extends Named>(idleKeys: number): Cache<T> {
  const objects = new Map<string, Map<string, T>>();
  const held = new Set<string>();
  /** In the order in which they became idle. */
  const idle = new Set<string>();
  const dropped = new Map<string, number>();

  const rest = (key: string) => {
    idle.delete(key);
    idle.add(key);
    for (const oldest of idle) {
      if (idle.size <= idleKeys) return;
      idle.delete(oldest);
      dropped.set(oldest, objects.get(oldest)?.size ?? 0);
      objects.delete(oldest);
    }
  };

  return {
    put(key, object, isNew) {
      const gone = dropped.get(key);
      if (gone !== undefined && !held.has(key)) {
        if (isNew) dropped.set(key, gone + 1);
        return;
      }
      const own = objects.get(key) ?? new Map<string, T>();
      objects.set(key, own.set(object.metadata.uid, object));
      if (!held.has(key)) rest(key);
    },
    remove(key, uid) {
      const gone = dropped.get(key);
      if (gone !== undefined) {
        if (gone > 1) dropped.set(key, gone - 1);
        else dropped.delete(key);
      }
      const own = objects.get(key);
      own?.delete(uid);
      if (own?.size !== 0) return;
      objects.delete(key);
      idle.delete(key);
    },
    clear() {
      objects.clear();
      idle.clear();
      dropped.clear();
    },
    list: (key) => [...(objects.get(key)?.values() ?? [])],
    wasDropped: (key) => dropped.has(key),
    hold(key) {
      held.add(key);
      idle.delete(key);
    },
    letGo(key) {
      held.delete(key);
      if (objects.has(key)) rest(key);
    },
    get size() {
      return objects.size;
    },
  };
}
