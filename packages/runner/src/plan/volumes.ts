import {
  claimNameOf,
  normalisePath,
  podPaths,
  podVolumes,
  type Task,
  type Volume,
} from "@keruta/shared/domain";
import type { MountManifest, VolumeManifest } from "./manifest.ts";
import type { Planning } from "./planning.ts";
import { passwdLine } from "./security.ts";

/** Read for the group that all containers share (fsGroup), and by nobody else: 0440. */
const groupReadable = 0o440;

export function podVolumeManifests(planning: Planning): VolumeManifest[] {
  const { task, own, spec } = planning;
  return [
    { name: podVolumes.bin, emptyDir: {} },
    { name: podVolumes.run, emptyDir: {} },
    ...(hasOwnWorkspace(planning) ? [{ name: podVolumes.workspace, emptyDir: {} }] : []),
    // In memory: the clone keeps its copy of a private key there.
    ...(spec.repository ? [{ name: podVolumes.temporary, emptyDir: { medium: "Memory" } }] : []),
    ...(spec.repository?.secret != null ? [gitSecretVolume(spec.repository.secret)] : []),
    ...(passwdLine(planning) === null ? [] : [passwdVolume]),
    ...(own.volumes ?? []).map((volume) => ({ name: volume.name, ...sourceOf(task, volume) })),
  ];
}

/** Where the command finds its files; all of the task's volumes. */
export function mainMounts(planning: Planning): MountManifest[] {
  return [binMount, runMount, ...workspaceMounts(planning), ...(planning.own.volumes ?? []).map(mountOf)];
}

/**
 * What can be collected; never a Secret. Not read-only, since a mount below another one may need its directory made.
 */
export function sidecarMounts(planning: Planning): MountManifest[] {
  const volumes = collectableVolumes(planning).map((volume) => ({
    ...mountOf(volume),
    mountPath: sidecarPath(planning, volume),
  }));
  return [{ ...binMount, readOnly: false }, runMount, ...workspaceMounts(planning), ...volumes];
}

/** The clone's workspace, and nothing else of the task's. */
export function cloneMounts(planning: Planning): MountManifest[] {
  const around = volumeAround(planning);
  return [
    binMount,
    ...(around ? [mountOf(around)] : workspaceMounts(planning)),
    { name: podVolumes.temporary, mountPath: podPaths.temporary },
    ...(planning.spec.repository?.secret != null
      ? [{ name: podVolumes.gitSecret, mountPath: podPaths.gitSecret, readOnly: true }]
      : []),
    ...(passwdLine(planning) === null
      ? []
      : [{ name: podVolumes.passwd, mountPath: "/etc/passwd", subPath: "passwd", readOnly: true }]),
  ];
}

/** A directory besides the workspace in which files may match `artifacts.paths`. */
export interface CollectedVolume {
  /** In the sidecar. */
  readonly path: string;
  /** For the command. */
  readonly mountPath: string;
}

export function collectedVolumes(planning: Planning): readonly CollectedVolume[] {
  const workspace = normalisePath(planning.workspace);
  return collectableVolumes(planning)
    .filter(({ mountPath }) => normalisePath(mountPath) !== workspace)
    .map((volume) => ({ path: sidecarPath(planning, volume), mountPath: volume.mountPath }));
}

/**
 * Inside a workspace that is yet to be cloned a mount would leave a directory, and git wants an empty one: there
 * the sidecar, which starts first, has the volume elsewhere.
 */
function sidecarPath({ spec, workspace }: Planning, { name, mountPath }: Volume): string {
  const isInside = normalisePath(mountPath).startsWith(`${normalisePath(workspace)}/`);
  return isInside && spec.repository !== null ? `${podPaths.volumes}/${name}` : mountPath;
}

const binMount: MountManifest = { name: podVolumes.bin, mountPath: podPaths.binRoot, readOnly: true };
const runMount: MountManifest = { name: podVolumes.run, mountPath: podPaths.runDirectory };

function workspaceMounts(planning: Planning): MountManifest[] {
  if (!hasOwnWorkspace(planning)) return [];
  return [{ name: podVolumes.workspace, mountPath: planning.workspace }];
}

/** False where the workspace lies in a volume of the task, at its root or below. */
function hasOwnWorkspace(planning: Planning): boolean {
  return volumeAround(planning) === undefined;
}

/** Of nested volumes the innermost holds the workspace. */
function volumeAround({ own, workspace }: Planning): Volume | undefined {
  const path = `${normalisePath(workspace)}/`;
  const around = (own.volumes ?? []).filter(({ mountPath }) =>
    path.startsWith(`${normalisePath(mountPath)}/`),
  );
  return around.toSorted((a, b) => normalisePath(b.mountPath).length - normalisePath(a.mountPath).length)[0];
}

function collectableVolumes({ own }: Planning): readonly Volume[] {
  return (own.volumes ?? []).filter(({ pvc, emptyDir }) => pvc !== undefined || emptyDir !== undefined);
}

function mountOf({ name, mountPath, readOnly, subPath }: Volume): MountManifest {
  return {
    name,
    mountPath,
    ...(readOnly === true && { readOnly }),
    ...(subPath !== undefined && { subPath }),
  };
}

/** The names of a task's sources are Kubernetes' own, but for a claim's. */
function sourceOf(
  task: Task,
  { name, readOnly, pvc, emptyDir, secret, configMap, projected }: Volume,
): object {
  if (pvc) {
    const claimName = pvc.claim ?? claimNameOf(task.id, name);
    return { persistentVolumeClaim: { claimName, ...(readOnly === true && { readOnly }) } };
  }
  return {
    ...(emptyDir && { emptyDir }),
    ...(secret && { secret }),
    ...(configMap && { configMap }),
    ...(projected && { projected }),
  };
}

function gitSecretVolume(secretName: string): VolumeManifest {
  return { name: podVolumes.gitSecret, secret: { secretName, defaultMode: groupReadable } };
}

const passwdVolume: VolumeManifest = {
  name: podVolumes.passwd,
  downwardAPI: {
    items: [{ path: "passwd", fieldRef: { fieldPath: "metadata.annotations['keruta.dev/passwd']" } }],
  },
};
