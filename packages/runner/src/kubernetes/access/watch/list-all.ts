import { answeredStatus } from "../../../cluster/answered-status.ts";
import { isTransient } from "../../../cluster/is-transient.ts";
import type { ApiRequest } from "../connection/api-request.ts";
import type { Connection } from "../connection/connection.ts";

export interface Listing<T> {
  readonly items: readonly T[];
  readonly resourceVersion: string;
}

const pageSize = 500;

/**
 * A whole collection, page by page, of each object what `take` makes of it: undefined leaves it out. A page whose
 * version is too old by now (410) begins again, once. A page that is cut is asked for once more, and not all those
 * before it: over connections that never live long enough for all, the list comes to its end nevertheless.
 */
export async function listAll<T>(
  connection: Connection,
  request: ApiRequest,
  take: (object: T) => T | undefined = (object) => object,
): Promise<Listing<T>> {
  try {
    return await listPages(connection, request, take);
  } catch (error) {
    if (answeredStatus(error) !== 410) throw error;
    return listPages(connection, request, take);
  }
}

async function listPages<T>(
  connection: Connection,
  request: ApiRequest,
  take: (object: T) => T | undefined,
): Promise<Listing<T>> {
  const items: T[] = [];
  let next: string | undefined;
  let cutAt: string | undefined;
  for (;;) {
    let page: ListPage<T>;
    try {
      const query = { ...request.query, limit: pageSize, continue: next };
      page = (await connection.send({ ...request, query })) as ListPage<T>;
    } catch (error) {
      if (!isTransient(error) || next === cutAt) throw error;
      cutAt = next;
      continue;
    }
    for (const object of page.items ?? []) {
      const taken = take(object);
      if (taken !== undefined) items.push(taken);
    }
    next = page.metadata.continue || undefined;
    if (next === undefined) return { items, resourceVersion: page.metadata.resourceVersion ?? "" };
  }
}

interface ListPage<T> {
  readonly items?: readonly T[] | null;
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string };
}
