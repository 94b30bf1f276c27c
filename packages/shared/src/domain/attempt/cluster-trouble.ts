import { podContainers } from "../agent/pod-protocol.ts";
import type { ClusterEvidence, ClusterGraces, StartFailure } from "./cluster-evidence.ts";
import type { ClusterContainerStatus, ClusterEvent, ClusterPod } from "./cluster-objects.ts";
import { eventsOf, hasStarted, initContainers, jobEvents, mainOf, sidecarOf } from "./cluster-pod.ts";
import type { Category, Reason } from "./reason.ts";
import { sentence } from "./cluster-words.ts";
import { isQuotaRefusal } from "./quota-refusal.ts";

/** Something that keeps the command from starting. */
export interface Trouble {
  readonly key: string;
  /** How long it may last: a grace, not at all, or as long as the whole wait may. */
  readonly grace: keyof ClusterGraces | "none";
  readonly failure: StartFailure;
}

/** Of what keeps the command from starting, the first thing on its way. */
export function findTrouble({ pod, events }: ClusterEvidence): Trouble | null {
  if (pod === null) return creationTrouble(events);
  const main = mainOf(pod);
  if (hasStarted(main)) return null;
  const scheduling = schedulingTrouble(pod);
  if (scheduling) return scheduling;
  const sidecar = sidecarOf(pod);
  const others = [...initContainers(pod), main].filter((one) => one !== undefined && one !== sidecar);
  return (
    volumeTrouble(pod, events) ??
    (sidecar ? sidecarTrouble(sidecar, eventsOf(events, pod, sidecar.name)) : null) ??
    others.map((one) => (one ? containerTrouble(one) : null)).find((trouble) => trouble !== null) ??
    null
  );
}

/** The Job was accepted but no Pod of it: only an event tells, and the controller tries for ever. */
function creationTrouble(events: readonly ClusterEvent[]): Trouble | null {
  const event = jobEvents(events).findLast(({ reason }) => reason === "FailedCreate");
  if (!event) return null;
  const words = event.message ?? "";
  const trouble = (grace: Trouble["grace"], category: Category): Trouble => ({
    key: "create",
    grace,
    failure: failure("SubmitFailed", category, "The cluster refuses the Pod", words),
  });
  if (isQuotaRefusal(words)) return trouble("quota", "start");
  // Every namespace gets its default ServiceAccount a moment after it was made.
  if (/serviceaccount "default" not found/.test(words)) return trouble("quota", "start");
  const isFinal = /violates PodSecurity|is forbidden|denied the request|is invalid/.test(words);
  return isFinal ? trouble("none", "task-definition") : trouble("quota", "start");
}

function schedulingTrouble({ status }: ClusterPod): Trouble | null {
  const condition = status?.conditions?.find(({ type }) => type === "PodScheduled");
  if (condition?.status !== "False" || condition.reason === "SchedulingGated") return null;
  return {
    key: "scheduling",
    grace: "scheduling",
    failure: failure("Unschedulable", "start", "No node takes the Pod", condition.message),
  };
}

/** Before its volumes are there no container starts, and their statuses say nothing of it. */
function volumeTrouble(pod: ClusterPod, events: readonly ClusterEvent[]): Trouble | null {
  if ([...initContainers(pod), mainOf(pod)].some((one) => hasStarted(one) || (one?.restartCount ?? 0) > 0))
    return null;
  const event = eventsOf(events, pod).findLast(
    ({ reason }) => reason === "FailedMount" || reason === "FailedAttachVolume",
  );
  if (!event) return null;
  // What is missing is soon noticed by whoever may make it; a storage that is slow or busy has all the time there is.
  const isMissing = /\b(?:secret|configmap)s? .*not found|non-existent .*key/i.test(event.message ?? "");
  return {
    key: "volume",
    grace: isMissing ? "config" : "pendingTimeout",
    failure: failure("ContainerConfigError", "task-definition", "A volume cannot be mounted", event.message),
  };
}

/** Its status swings between waiting, running and terminated while its postStart fails, and is never `started`. */
function sidecarTrouble(
  { started, restartCount = 0, state, lastState }: ClusterContainerStatus,
  events: readonly ClusterEvent[],
): Trouble | null {
  if (started === true) return null;
  const { waiting, terminated } = state ?? {};
  const hookEvent = events.findLast(({ reason }) => reason === "FailedPostStartHook");
  const end = terminated ?? lastState?.terminated;
  const isWaiting = waiting?.reason !== undefined && !quiet.has(waiting.reason);
  if (!isWaiting && !end && restartCount === 0 && !hookEvent) return null;

  const isImage = imageReasons.has(waiting?.reason ?? "");
  const event = hookEvent ?? events.findLast(({ type }) => type === "Warning");
  const ownEnd =
    end === undefined ? undefined : (end.message ?? `it ended with exit code ${String(end.exitCode)}`);
  const words =
    hookEvent?.message ?? (isWaiting && waiting.reason !== "CrashLoopBackOff" ? waiting.message : ownEnd);
  return {
    key: "sidecar",
    grace: waiting?.reason === "InvalidImageName" ? "none" : isImage ? "image" : "sidecar",
    failure: failure(
      "SidecarFailed",
      "start",
      "keruta's own sidecar does not start",
      words ?? event?.message,
    ),
  };
}

function containerTrouble({
  name,
  restartCount = 0,
  started,
  state,
}: ClusterContainerStatus): Trouble | null {
  const { waiting } = state ?? {};
  const { reason, message } = waiting ?? {};
  const trouble = (
    kind: string,
    grace: Trouble["grace"],
    [end, category]: readonly [Reason, Category],
    fact: string,
  ): Trouble => ({ key: `${kind}:${name}`, grace, failure: failure(end, category, fact, message ?? reason) });

  const image = `The image of container ${name}`;
  if (reason === "InvalidImageName")
    return trouble("image", "none", ["InvalidImage", "task-definition"], `${image} has a malformed name`);
  if (imageReasons.has(reason ?? ""))
    return trouble("image", "image", ["ImagePullFailed", "start"], `${image} cannot be pulled`);
  if (reason === "CrashLoopBackOff" || (restartCount > 0 && started !== true && name !== podContainers.main))
    return trouble(
      "crash",
      "crashLoop",
      ["CrashLoopBackOff", "command"],
      `Container ${name} fails again and again`,
    );
  if (reason === undefined || quiet.has(reason)) return null;
  // An image's user does not change by waiting.
  const isFinal = /runAsNonRoot|non-numeric user/.test(message ?? "");
  const grace = isFinal ? "none" : "config";
  return trouble(
    "config",
    grace,
    ["ContainerConfigError", "task-definition"],
    `Container ${name} cannot start`,
  );
}

/** What a container waits for when all goes its way. */
const quiet: ReadonlySet<string> = new Set(["PodInitializing", "ContainerCreating"]);

const imageReasons: ReadonlySet<string> = new Set([
  "InvalidImageName",
  "ErrImagePull",
  "ImagePullBackOff",
  "ErrImageNeverPull",
  "ImageInspectError",
  "RegistryUnavailable",
  "SignatureValidationFailed",
]);

function failure(reason: Reason, category: Category, fact: string, words: string | undefined): StartFailure {
  return { reason, category, message: sentence(fact, words) };
}
