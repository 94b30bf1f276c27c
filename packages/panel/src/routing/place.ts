import { signal } from "@preact/signals";

export interface Place {
  /** `/tasks/k7m2xqaf4t` */
  readonly path: string;
  readonly search: URLSearchParams;
  /** Without the `#`. */
  readonly fragment: string;
}

function now(): Place {
  const { pathname, search, hash } = location;
  return { path: pathname, search: new URLSearchParams(search), fragment: hash.slice(1) };
}

/** Where the browser is. */
export const place = signal<Place>(now());

export function startRouting(): void {
  const look = () => {
    place.value = now();
  };
  addEventListener("popstate", look);
  addEventListener("hashchange", look);
}

interface Navigation {
  readonly replace?: boolean;
  /** What the step in the browser's history is to remember. */
  readonly state?: string | null;
}

export function navigate(to: string, { replace = false, state = null }: Navigation = {}): void {
  if (replace) history.replaceState(state, "", to);
  else history.pushState(state, "", to);
  const before = place.peek().path;
  place.value = now();
  if (before !== place.peek().path) scrollTo(0, 0);
}

/** The same path with other parameters: what is empty or undefined is left out. */
export function withSearch(change: Readonly<Record<string, string | undefined>>): string {
  const { path, search } = place.peek();
  const parameters = new URLSearchParams(search);
  for (const [key, value] of Object.entries(change)) {
    if (value === undefined || value === "") parameters.delete(key);
    else parameters.set(key, value);
  }
  const text = parameters.toString();
  return text === "" ? path : `${path}?${text}`;
}
