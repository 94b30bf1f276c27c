import { isAbsolute, join } from "node:path";

/** Where keruta keeps what it keeps, by the XDG base directory specification. */
export interface Paths {
  readonly state: string;
  readonly config: string;
  readonly cache: string;
}

export function xdgPaths(env: Readonly<Record<string, string | undefined>>, home: string): Paths {
  // The specification says that a relative path is to be ignored.
  const base = (name: string, otherwise: string) => {
    const value = env[name];
    return value !== undefined && isAbsolute(value) ? value : join(home, otherwise);
  };
  return {
    state: join(base("XDG_STATE_HOME", ".local/state"), "keruta"),
    config: join(base("XDG_CONFIG_HOME", ".config"), "keruta"),
    cache: join(base("XDG_CACHE_HOME", ".cache"), "keruta"),
  };
}
