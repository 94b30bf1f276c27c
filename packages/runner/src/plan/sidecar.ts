import { formatDuration, podContainers, podPaths } from "@keruta/shared/domain";
import { collectArguments } from "./collect.ts";
import { collectDeadlineMilliseconds } from "./deadlines.ts";
import { sidecarEnvironment } from "./environment.ts";
import { literal } from "./literal.ts";
import type { ContainerManifest } from "./manifest.ts";
import type { Planning } from "./planning.ts";
import { sidecarResources } from "./resources.ts";
import { sidecarSecurity } from "./security.ts";
import { sidecarMounts } from "./volumes.ts";

/** Brings the agent into the Pod before anything else starts, and keeps spool and artifacts past the command's end. */
export function sidecar(planning: Planning): ContainerManifest {
  const grace = ["--grace", formatDuration(collectDeadlineMilliseconds)];
  const unwrapped = planning.wrapped ? [] : ["--unwrapped"];
  const options = [...collectArguments(planning), ...grace, ...unwrapped, ...uploadArguments(planning)];
  const command = [podPaths.imageAgent, "sidecar", "--install-to", podPaths.binRoot, ...options];
  const install = [podPaths.imageAgent, "install", podPaths.binRoot, "--run-dir", podPaths.runDirectory];
  return {
    name: podContainers.sidecar,
    image: planning.settings.agentImage,
    imagePullPolicy: "IfNotPresent",
    restartPolicy: "Always",
    command: command.map(literal),
    env: sidecarEnvironment(planning),
    resources: sidecarResources,
    lifecycle: { postStart: { exec: { command: install } } },
    securityContext: sidecarSecurity(planning),
    volumeMounts: sidecarMounts(planning),
  };
}

function uploadArguments({ task, attempt, uploadUrl }: Planning): readonly string[] {
  if (uploadUrl === null) return [];
  return ["--upload-to", uploadUrl, "--task-id", task.id, "--attempt", String(attempt)];
}
