import { formatBytes, parseBytes, parseQuantity, type Resources } from "@keruta/shared/domain";
import type { ResourcesManifest } from "./manifest.ts";
import type { Planning } from "./planning.ts";

type Amounts = Readonly<Record<string, string>>;

/** The agent's share of the main container: it holds about 50 MB, 11 MB of it anonymous. */
const agentShare = { cores: 0.01, bytes: 64 * 1024 ** 2 };

/**
 * The sidecar waits, mostly. Without a CPU limit, since it copies artifacts; the page cache of what it copies
 * counts as memory but is given back.
 */
export const sidecarResources: ResourcesManifest = {
  requests: { cpu: "10m", memory: "64Mi" },
  limits: { memory: "256Mi" },
};

/** Below this git fails on repositories of moderate size, however small the command is. */
const cloneMemory = 512 * 1024 ** 2;

/** What the task asks for is its command's: where an amount is named, the agent's share comes on top. */
export function mainResources({ own, wrapped }: Planning): ResourcesManifest | undefined {
  return mapAmounts(own.resources, (name, amount) => (wrapped ? withShare(name, amount) : amount));
}

/** The main container's CPU and memory, as they are free while the clone runs, with a floor for git. */
export function cloneResources({ own }: Planning): ResourcesManifest | undefined {
  return mapAmounts(own.resources, (name, amount, isLimit) => {
    if (name === "memory" && isLimit) return formatBytes(Math.max(parseBytes(amount) ?? 0, cloneMemory));
    return name === "cpu" || name === "memory" || name === "ephemeral-storage" ? amount : undefined;
  });
}

function withShare(name: string, amount: string): string {
  // Kubernetes has no CPU below a thousandth.
  if (name === "cpu") {
    const thousandths = Math.ceil(((parseQuantity(amount) ?? 0) + agentShare.cores) * 1000 - 1e-6);
    return thousandths % 1000 === 0 ? String(thousandths / 1000) : `${String(thousandths)}m`;
  }
  return name === "memory" ? formatBytes((parseBytes(amount) ?? 0) + agentShare.bytes) : amount;
}

function mapAmounts(
  resources: Resources | undefined,
  change: (name: string, amount: string, isLimit: boolean) => string | undefined,
): ResourcesManifest | undefined {
  const mapped = (amounts: Amounts = {}, isLimit = false): Amounts =>
    Object.fromEntries(
      Object.entries(amounts).flatMap(([name, amount]) => {
        const changed = change(name, amount, isLimit);
        return changed === undefined ? [] : [[name, changed]];
      }),
    );
  const requests = mapped(resources?.requests);
  const limits = mapped(resources?.limits, true);
  const given = {
    ...(Object.keys(requests).length > 0 && { requests }),
    ...(Object.keys(limits).length > 0 && { limits }),
  };
  return Object.keys(given).length > 0 ? given : undefined;
}
