/** A kubeconfig file as keruta reads it: the known keys, under their own names, with paths made absolute. */
export interface Kubeconfig {
  readonly currentContext: string | undefined;
  readonly contexts: ReadonlyMap<string, ContextEntry>;
  readonly clusters: ReadonlyMap<string, ClusterEntry>;
  readonly users: ReadonlyMap<string, UserEntry>;
}

export interface ContextEntry {
  readonly cluster: string;
  readonly user: string | undefined;
  readonly namespace: string | undefined;
}

export interface ClusterEntry {
  readonly server: string;
  readonly authority: FileOrData | undefined;
  readonly insecure: boolean;
  readonly serverName: string | undefined;
  readonly proxyUrl: string | undefined;
}

export interface UserEntry {
  readonly certificate: FileOrData | undefined;
  readonly key: FileOrData | undefined;
  readonly token: string | undefined;
  readonly tokenFile: string | undefined;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly impersonate: string | undefined;
  readonly exec: ExecEntry | undefined;
  readonly authProvider: AuthProviderEntry | undefined;
}

export type FileOrData = { readonly path: string } | { readonly base64: string };

/** A program that prints credentials (`client.authentication.k8s.io`). */
export interface ExecEntry {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly installHint: string | undefined;
  readonly provideClusterInfo: boolean;
  readonly interactiveMode: string | undefined;
}

export interface AuthProviderEntry {
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
}

/** The cluster, and the user in it, that a context names. */
export interface Target {
  readonly contextName: string;
  /** The context's. */
  readonly namespace: string | undefined;
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
}
