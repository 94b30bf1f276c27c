import { jobNameOf } from "@keruta/shared/domain";
import type { SecretManifest } from "../cluster/objects.ts";
import { jobMetadata } from "./labels.ts";
import { prepare, type PlanInput } from "./planning.ts";

/** The Secret of an attempt's agent, under its Job's name; null where the agent gets none of its own. */
export function planSecret(input: PlanInput): ((token: string) => SecretManifest) | null {
  const { task, attempt, settings } = input;
  if (!settings.api || settings.api.tokenSecret !== null) return null;
  const metadata = { name: jobNameOf(task.id, attempt), ...jobMetadata(prepare(input)) };
  return (token) => ({ apiVersion: "v1", kind: "Secret", metadata, stringData: { token } });
}
