/** What a fault needs of the surroundings; without it the kind is left out of the plan. */
export type Need = "cluster" | "node" | "components" | "postgres" | "api" | "disk";

export interface FaultKindOptions {
  /** How often, against the others. */
  readonly weight: number;
  readonly needs: readonly Need[];
  /** One at a time: what is away then is away for all. */
  readonly outage?: true;
}

/** All that may go wrong, cheap and often or heavy and rare. */
export const faultKinds = {
  "kill-submit": { weight: 8, needs: [] },
  "kill-worker": { weight: 6, needs: [] },
  "kill-server": { weight: 3, needs: ["api"] },
  "crash-submit": { weight: 7, needs: [] },
  "crash-worker": { weight: 6, needs: [] },
  "crash-add": { weight: 3, needs: [] },
  "crash-server": { weight: 3, needs: ["api"] },
  "pause-driver": { weight: 8, needs: [] },
  "stop-past-lease": { weight: 0.5, needs: [] },
  "kill-local-agent": { weight: 3, needs: [] },
  "kill-local-command": { weight: 3, needs: [] },
  "kill-pod-agent": { weight: 2, needs: ["cluster", "node"] },
  "kill-pod-sidecar": { weight: 3, needs: ["cluster", "node"] },
  "kill-pod-command": { weight: 2, needs: ["cluster", "node"] },
  "delete-pod": { weight: 2, needs: ["cluster"] },
  "evict-pod": { weight: 2, needs: ["cluster"] },
  "delete-job": { weight: 2, needs: ["cluster"] },
  "cut-cluster": { weight: 7, needs: ["cluster"] },
  "slow-cluster": { weight: 2, needs: ["cluster"] },
  "cut-postgres": { weight: 6, needs: ["postgres"] },
  "slow-postgres": { weight: 2, needs: ["postgres"] },
  "cut-server": { weight: 6, needs: ["api"] },
  "slow-server": { weight: 2, needs: ["api"] },
  "kill-postgres": { weight: 1, needs: ["postgres"], outage: true },
  "fill-disk": { weight: 1, needs: ["disk"], outage: true },
  "crash-kubelet": { weight: 0.3, needs: ["components"], outage: true },
  "crash-containerd": { weight: 0.3, needs: ["components"], outage: true },
  "crash-kube-apiserver": { weight: 0.4, needs: ["components"], outage: true },
  "crash-kube-scheduler": { weight: 0.1, needs: ["components"], outage: true },
  "crash-kube-controller-manager": { weight: 0.1, needs: ["components"], outage: true },
} as const satisfies Record<string, FaultKindOptions>;

export type FaultKind = keyof typeof faultKinds;
export const allFaultKinds = Object.keys(faultKinds) as readonly FaultKind[];

export function isOutage(kind: FaultKind): boolean {
  return "outage" in faultKinds[kind];
}

/** The kinds that these surroundings can have, of those that are wanted. */
export function possibleKinds(
  has: ReadonlySet<Need>,
  wanted: readonly FaultKind[] = allFaultKinds,
): readonly FaultKind[] {
  return wanted.filter((kind) => faultKinds[kind].needs.every((need) => has.has(need)));
}
