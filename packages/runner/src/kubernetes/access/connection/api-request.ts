export interface ApiRequest {
  /** For counts and for people: "create job". */
  readonly operation: string;
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  /** Below the server's own path, such as `/api/v1/pods`. */
  readonly path: string;
  readonly query?: Query;
  readonly body?: object;
  readonly contentType?: string;
  readonly signal?: AbortSignal | undefined;
}

export type Query = Readonly<Record<string, QueryValue | readonly string[]>>;
type QueryValue = string | number | boolean | undefined;

/** The server's URL may have a path of its own, as behind a Rancher proxy. */
export function urlOf(server: string, path: string, query: Query = {}): URL {
  const url = new URL(server);
  url.pathname = url.pathname.replace(/\/$/, "") + path;
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue;
    for (const one of typeof value === "object" ? value : [value]) url.searchParams.append(name, String(one));
  }
  return url;
}
