import { KerutaError } from "@keruta/shared/domain";
import type { Change, Selection, WatchKind } from "../../../cluster/cluster.ts";
import { answeredStatus } from "../../../cluster/answered-status.ts";
import { isTransient } from "../../../cluster/is-transient.ts";
import type { ObjectMeta } from "../../../cluster/objects.ts";
import type { ApiRequest, Query } from "../connection/api-request.ts";
import type { Connection } from "../connection/connection.ts";
import { waitFor } from "../connection/wait-for.ts";
import type { AccessDeps } from "../deps.ts";
import { retryAfterOf } from "../errors.ts";
import { listAll } from "./list-all.ts";
import { readWatch, type ObjectChange } from "./read-watch.ts";
import { firstRound, planRound, type RoundEnd } from "./watch-state.ts";

export interface ListWatch<T> {
  readonly kind: WatchKind;
  /** Of the collection, such as `/api/v1/namespaces/x/pods`. */
  readonly path: string;
  readonly selection: Selection;
  readonly limits: WatchLimits;
  /**
   * What is kept of an object; undefined: nothing is told of it. Asked at once, so that a list of many objects does not
   * lie in memory as a whole.
   */
  readonly take: (object: T) => T | undefined;
}

export interface WatchLimits {
  /** The server is asked to end a watch after this time, up to a half more by chance. */
  readonly lifeMs: number;
  /** Nothing for this long, not even a bookmark: the connection is dead. Undefined: no bookmarks come. */
  readonly silenceMs: number | undefined;
}

interface Named {
  readonly metadata: ObjectMeta;
}

/** `Cluster.watch`. */
export async function* listWatch<T extends Named>(
  connection: Connection,
  watched: ListWatch<T>,
  deps: AccessDeps,
  signal: AbortSignal,
): AsyncGenerator<Change<T>, void> {
  const { kind } = watched;
  const query: Query = { ...watched.selection };
  const request = { method: "GET", path: watched.path, signal } as const;
  let state = firstRound;
  let isInterrupted = false;

  while (!signal.aborted) {
    let end: RoundEnd;
    let startedAt: number | undefined;
    try {
      const list = { ...request, operation: `list ${kind}`, query };
      const { items, resourceVersion } = await listAll(connection, list, watched.take);
      yield { type: "snapshot", items };
      isInterrupted = false;
      startedAt = deps.clock();
      const base = { ...request, operation: `watch ${kind}`, query };
      for await (const change of watchOnce(connection, base, resourceVersion)) {
        const object = watched.take(change.object);
        if (object !== undefined) yield { type: change.type, object };
      }
      end = { how: "watched", livedMs: deps.clock() - startedAt };
    } catch (error) {
      if (signal.aborted) return;
      if (answeredStatus(error) === 410) {
        end = { how: "watched", livedMs: startedAt === undefined ? 0 : deps.clock() - startedAt };
      } else if (isTransient(error) && error instanceof KerutaError) {
        // A watch that breaks is a matter of course; only a list that fails says that the cluster is away.
        if (startedAt === undefined && !isInterrupted) yield { type: "interrupted", error };
        isInterrupted ||= startedAt === undefined;
        end = { how: "failed", retryAfterMs: retryAfterOf(error) };
      } else throw error;
    }
    const next = planRound(state, end, deps.random());
    state = next.state;
    try {
      if (next.afterMs > 0) await waitFor(next.afterMs, deps.timers, signal);
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    }
  }

  async function* watchOnce(
    to: Connection,
    base: ApiRequest,
    resourceVersion: string,
  ): AsyncGenerator<ObjectChange<T>, void> {
    const { lifeMs, silenceMs } = watched.limits;
    const life = lifeMs * (1 + deps.random() / 2);
    yield* readWatch<T>(
      to,
      {
        ...base,
        query: {
          ...query,
          watch: true,
          allowWatchBookmarks: true,
          resourceVersion,
          timeoutSeconds: Math.ceil(life / 1000),
        },
      },
      // Where no bookmarks come, the server's own end of the watch is the sign of life.
      silenceMs ?? life + 15_000,
      deps.timers,
    );
  }
}
