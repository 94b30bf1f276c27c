import { isKerutaError } from "@keruta/shared/domain";
import type { Claim } from "@keruta/shared/queue";
import type { Job, SecretManifest } from "../../cluster/objects.ts";
import { askAgain } from "./ask-again.ts";
import type { ClusterRunnerDeps } from "./deps.ts";

/** The Secret with an attempt's token: made before its Job, owned by it afterwards. */
export interface AgentSecret {
  /** Before the Job's POST. The token is made once, so that a second POST of the same driver does not end it. */
  make(): Promise<void>;
  /** After it; also by a driver that takes over, since the one before may have died in between. */
  giveTo(job: Job): Promise<void>;
  /** Where there will be no Job. */
  remove(): Promise<void>;
}

type AgentSecretDeps = Pick<ClusterRunnerDeps, "cluster" | "queue" | "observer" | "timers">;

/** Between two askings of a cluster that is away. */
const longestWait = 8000;

export function agentSecret(
  { cluster, queue, observer, timers }: AgentSecretDeps,
  { lease }: Claim,
  plan: ((token: string) => SecretManifest) | null,
): AgentSecret {
  const { name } = plan?.("").metadata ?? { name: "" };
  let manifest: SecretManifest | null = null;
  /** A Secret that stays holds a token that has died with its attempt: that is untidy, and no reason to fail. */
  const tidy = async (work: () => Promise<unknown>): Promise<void> => {
    try {
      await askAgain(timers, longestWait, work);
    } catch (error) {
      if (!isKerutaError(error)) throw error;
      observer.notice({
        en: `the Secret ${name} may be left behind: ${error.message}`,
        ja: `Secret ${name} が残る可能性があります: ${error.text.ja}`,
      });
    }
  };
  return {
    async make() {
      if (!plan) return;
      manifest ??= plan(await queue.makeAgentToken(lease));
      await cluster.putSecret(manifest);
    },
    async giveTo(job) {
      if (plan) await tidy(() => cluster.giveSecretTo(name, job));
    },
    async remove() {
      if (plan) await tidy(() => cluster.deleteSecret(name));
    },
  };
}
