import { isAgentReport, podContainers, type AgentReport } from "@keruta/shared/domain";
import type { Claim } from "@keruta/shared/queue";
import type { Pod } from "../../cluster/objects.ts";
import type { JobFacts } from "../../plan/index.ts";
import type { ClusterRunnerDeps } from "./deps.ts";

/** The agent's report, which is the main container's termination message; null where the agent left none. */
export function reportOf(pod: Pod): AgentReport | null {
  const main = pod.status?.containerStatuses?.find(({ name }) => name === podContainers.main);
  const message = main?.state?.terminated?.message;
  if (message === undefined) return null;
  try {
    const value: unknown = JSON.parse(message);
    return isAgentReport(value) ? value : null;
  } catch {
    // Another program's words: the agent was not there to write its own.
    return null;
  }
}

/** What came over the API; null where there is none. */
export async function reportedResult(
  { queue, plan }: ClusterRunnerDeps,
  { lease }: Claim,
  { wrapped }: JobFacts,
): Promise<AgentReport | null> {
  if (!plan.api || !wrapped) return null;
  return (await queue.attemptReport(lease.taskId, lease.attempt))?.result ?? null;
}
