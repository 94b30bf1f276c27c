import { managedBy, ownClaim, podAnnotations, podContainers, podLabels } from "@keruta/shared/domain";
import type { MetadataManifest } from "./manifest.ts";
import type { Planning } from "./planning.ts";
import { passwdLine } from "./security.ts";

/** For people's eyes; the whole title is in the task, and annotations share 256 KiB. */
const titleCharacters = 200;

export function jobMetadata(planning: Planning): MetadataManifest {
  return {
    labels: labels(planning),
    annotations: {
      [podAnnotations.title]: shortTitle(planning),
      [podAnnotations.fence]: planning.fence,
      ...(planning.uploadUrl !== null && { [podAnnotations.transport]: "api" }),
    },
  };
}

export function podMetadata(planning: Planning): MetadataManifest {
  const passwd = passwdLine(planning);
  return {
    labels: labels(planning),
    annotations: {
      [podAnnotations.title]: shortTitle(planning),
      [podAnnotations.defaultContainer]: podContainers.main,
      ...(passwd !== null && { [podAnnotations.passwd]: passwd }),
    },
  };
}

export function claimMetadata(planning: Planning, removedAtEnd: boolean): MetadataManifest {
  const { [podLabels.attempt]: _attempt, ...kept } = labels(planning);
  const own = removedAtEnd ? { [podLabels.claim]: ownClaim } : {};
  return { labels: { ...kept, ...own }, annotations: { [podAnnotations.title]: shortTitle(planning) } };
}

function labels({ task, attempt, queueUid }: Planning): Readonly<Record<string, string>> {
  return {
    [podLabels.managedBy]: managedBy,
    [podLabels.queue]: queueUid,
    [podLabels.taskId]: task.id,
    [podLabels.attempt]: String(attempt),
  };
}

function shortTitle({ task }: Planning): string {
  return Array.from(task.title).slice(0, titleCharacters).join("").toWellFormed();
}
