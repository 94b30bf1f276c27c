/** Who keruta is to the cluster, for one request. */
export interface Identity {
  readonly headers: Readonly<Record<string, string>>;
  /** PEM; together. */
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

export interface Credentials {
  /**
   * Read, renewed or got from a plugin when it is time. Throws KRT_KUBECONFIG_INVALID, or KRT_CLUSTER_UNREACHABLE where
   * there was one before.
   */
  identity(): Promise<Identity>;
  /** The server refused the last identity: the next one is got anew. False where that would be the same one. */
  renew(): boolean;
}

export function withAuthorization(identity: Identity, authorization: string): Identity {
  return { ...identity, headers: { ...identity.headers, authorization } };
}
