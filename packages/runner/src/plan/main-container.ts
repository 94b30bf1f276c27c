import { formatDuration, podContainers, podPaths } from "@keruta/shared/domain";
import { mainEnvironment, maskedNames } from "./environment.ts";
import { literal } from "./literal.ts";
import type { ContainerManifest } from "./manifest.ts";
import type { Planning } from "./planning.ts";
import { mainResources } from "./resources.ts";
import { mainSecurity } from "./security.ts";
import { mainMounts } from "./volumes.ts";

export function mainContainer(planning: Planning): ContainerManifest {
  const resources = mainResources(planning);
  const { imagePullPolicy } = planning.own;
  return {
    name: podContainers.main,
    image: planning.image,
    ...(imagePullPolicy !== undefined && { imagePullPolicy }),
    ...whatRuns(planning),
    env: mainEnvironment(planning),
    ...(resources && { resources }),
    securityContext: mainSecurity(planning),
    volumeMounts: mainMounts(planning),
  };
}

function whatRuns(planning: Planning): Pick<ContainerManifest, "command" | "args"> {
  const { wrapped, spec } = planning;
  if (wrapped) return { command: agentCommand(planning) };
  return {
    ...(spec.command.length > 0 && { command: spec.command.map(literal) }),
    ...(spec.args.length > 0 && { args: spec.args.map(literal) }),
  };
}

/** A script has no words here: the agent takes it from the task file. */
function agentCommand(planning: Planning): string[] {
  const { spec } = planning;
  const words = spec.script === null ? [...spec.command, ...spec.args] : [];
  const start = spec.agent === "image" ? imageStart(planning) : injectedStart(planning);
  const command = words.length > 0 && !commandComesFromApi(planning) ? ["--", ...words] : [];
  return [...start, ...[...agentOptions(planning), ...command].map(literal)];
}

function injectedStart({ task, api }: Planning): string[] {
  const apiUrl = api ? ["--api-url", literal(api.url)] : [];
  return [podPaths.agent, "run", "--task-id", task.id, ...apiUrl];
}

/** The image has an agent of its own. These references are the kubelet's to expand. */
function imageStart({ api }: Planning): string[] {
  const apiUrl = api ? ["--api-url", "$(KERUTA_API_URL)"] : [];
  return ["keruta-agent", "run", "--task-id", "$(KERUTA_TASK_ID)", ...apiUrl];
}

function commandComesFromApi({ spec, api }: Planning): boolean {
  return spec.agent === "image" && api !== null;
}

function agentOptions(planning: Planning): string[] {
  const { spec, settings, workspace } = planning;
  const options: readonly (readonly string[])[] = [
    ["--run-dir", podPaths.runDirectory],
    ["--workspace", workspace],
    ["--artifacts-dir", podPaths.artifacts],
    ...gatherOptions(planning),
    ["--bin-dir", podPaths.binDirectory],
    ["--timeout", formatDuration(spec.timeout)],
    ["--grace", formatDuration(spec.stopGrace)],
    ["--spool-bytes", String(settings.spoolBytes)],
    ["--control-lines", settings.controlLines ? "on" : "off"],
    settings.api ? ["--report-wait", formatDuration(settings.api.reportWait)] : [],
    ["--termination-message", podPaths.terminationMessage],
    spec.restartPolicy === "OnFailure"
      ? ["--restart-policy", "OnFailure", "--restarts", String(spec.restarts)]
      : [],
    ...maskedNames(planning).map((name) => ["--mask-env", name]),
  ];
  return options.flat();
}

/** For artifacts in no volume, which the agent copies: what is the task's own to say, and where others see it too. */
function gatherOptions({ spec, own }: Planning): readonly (readonly string[])[] {
  const { paths, maxFileBytes, maxTotalBytes } = spec.artifacts;
  const shared = (own.volumes ?? []).filter(
    ({ pvc, emptyDir }) => pvc !== undefined || emptyDir !== undefined,
  );
  return [
    ...paths.filter((path) => path.startsWith("/")).map((path) => ["--artifact", path]),
    ...shared.map(({ mountPath }) => ["--volume", mountPath]),
    ["--max-bytes", String(Math.min(maxFileBytes, maxTotalBytes))],
    ["--max-total-bytes", String(maxTotalBytes)],
  ];
}
