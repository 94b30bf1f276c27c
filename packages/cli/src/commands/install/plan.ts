import type { AppliedManifest, Cluster } from "@keruta/runner/cluster";
import { driverManifests, leftOut, serverManifests, type LeftOut } from "@keruta/runner/install";
import { agentsHaveTokens } from "../../context/agents-have-tokens.ts";
import type { InstallCommandOptions } from "./install.ts";
import type { ServerFlags } from "./server-flags.ts";

export interface Place {
  /** Where tasks run. */
  readonly namespace: string;
  /** null: there is none to ask. */
  readonly cluster: Cluster | null;
}

export interface InstallPlan {
  readonly namespace: string;
  /** Where server and workers run. */
  readonly own: string;
  readonly server: ServerFlags | null;
  readonly manifests: readonly AppliedManifest[];
  /** What an earlier install may have made. */
  readonly leftOut: readonly LeftOut[];
}

export async function planInstall(
  { context, exec, agentTokens: asked, server }: InstallCommandOptions,
  { namespace, cluster }: Place,
): Promise<InstallPlan> {
  const settings = await context.settings();
  // Empty in the settings means that of the tasks.
  const own = settings.get("keruta.kubernetes.processor-namespace") || namespace;
  const agentTokens = asked ?? (server !== null || own !== namespace || agentsHaveTokens(settings));
  const accountNamespace = server ? own : namespace;
  const ofDriver = driverManifests({
    namespace,
    accountNamespace,
    serverNamespace: own,
    exec,
    agentTokens,
  });
  // Unasked, those of a server that was installed before stay.
  const left = { namespace, exec, agentTokens: asked ?? true };
  if (!server) {
    return { namespace, own, server, manifests: ofDriver, leftOut: leftOut({ ...left, server: null }) };
  }
  const ofServer = serverManifests({
    ...server,
    image: server.image ?? `localhost/keruta/server:${context.version}`,
    agentImage: (server.agentImage ?? settings.get("keruta.agent.image")) || null,
    ownsVolume: server.ownsVolume ?? !(await isRestricted(cluster?.inNamespace(own))),
    namespace: own,
    taskNamespace: namespace,
  });
  const { databaseSecret } = server;
  return {
    namespace,
    own,
    server,
    manifests: [...ofDriver, ...ofServer],
    leftOut: leftOut({ ...left, server: { namespace: own, databaseSecret } }),
  };
}

async function isRestricted(cluster: Cluster | undefined): Promise<boolean> {
  const namespace = await cluster?.getNamespace();
  return namespace?.metadata.labels?.["pod-security.kubernetes.io/enforce"] === "restricted";
}
