import { access, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { codeOf, KerutaError, type KeyToPath, type Volume } from "@keruta/shared/domain";
import { listSecretKeys, readSecret } from "./secrets.ts";

export interface VolumeRoots {
  /** Claims, kept over tasks. */
  readonly claims: string;
  /** Of this attempt, gone after it. */
  readonly run: string;
  readonly secrets: string;
  readonly configMaps: string;
}

/** A volume of a task as the directory that stands for it. */
export interface LocalVolume {
  readonly name: string;
  readonly mountPath: string;
  readonly directory: string;
}

/** Makes the directories of a task's volumes. What is missing is a KerutaError that names it. */
export async function makeVolumes(
  taskId: string,
  volumes: readonly Volume[],
  roots: VolumeRoots,
): Promise<LocalVolume[]> {
  const made: LocalVolume[] = [];
  for (const volume of volumes) made.push(await makeVolume(taskId, volume, roots));
  return made;
}

/** The directory of a claim without a name, which goes at the task's end; null for any other volume. */
export function ownClaimDirectory(taskId: string, { name, pvc }: Volume, claims: string): string | null {
  return pvc && pvc.claim === undefined && pvc.retain !== true ? join(claims, ownClaim(taskId, name)) : null;
}

function ownClaim(taskId: string, volume: string): string {
  return `keruta-${taskId}-${volume}`;
}

async function makeVolume(taskId: string, volume: Volume, roots: VolumeRoots): Promise<LocalVolume> {
  const own = join(roots.run, volume.name);
  let root = own;
  if (volume.pvc) {
    const { claim, size } = volume.pvc;
    root = join(roots.claims, claim ?? ownClaim(taskId, volume.name));
    if (claim !== undefined && size === undefined) await requireClaim(claim, root);
  }
  await mkdir(root, { recursive: true, mode: 0o700 });
  if (volume.secret) await fillFromSecret(own, volume.secret.secretName, volume.secret, roots.secrets);
  if (volume.configMap)
    await fillFromConfigMap(own, volume.configMap.name, volume.configMap, roots.configMaps);
  if (volume.projected) await fillProjected(own, volume, roots);
  const directory = volume.subPath === undefined ? root : join(root, inside(volume.subPath, volume.name));
  await mkdir(directory, { recursive: true });
  return { name: volume.name, mountPath: volume.mountPath, directory };
}

async function requireClaim(claim: string, directory: string): Promise<void> {
  try {
    await access(directory);
  } catch {
    // Not there: as a missing PersistentVolumeClaim is on a cluster.
    throw missing(
      {
        en: `Claim "${claim}" does not exist for the local runner.`,
        ja: `local ランナーに claim「${claim}」がありません。`,
      },
      {
        en: `Give the volume a size (pvc.size) to have it made, or make the directory ${directory}.`,
        ja: `ボリュームに pvc.size を指定すると作成されます。またはディレクトリ ${directory} を作ってください。`,
      },
    );
  }
}

interface FileSelection {
  readonly items?: readonly KeyToPath[];
  readonly optional?: boolean;
}

async function fillFromSecret(into: string, name: string, from: FileSelection, root: string): Promise<void> {
  const keys = await listSecretKeys(root, name);
  if (keys.length === 0 && from.optional === true) return;
  if (keys.length === 0) {
    throw missing(
      {
        en: `Secret "${name}" does not exist for the local runner.`,
        ja: `local ランナーにシークレット「${name}」がありません。`,
      },
      {
        en: `Write its keys as files into ${join(root, name)}, mode 0600.`,
        ja: `キーをファイルとして ${join(root, name)} に書き込み、モードを 0600 にしてください。`,
      },
    );
  }
  const items = from.items ?? keys.map((key) => ({ key, path: key }));
  for (const { key, path } of items) await writeItem(into, path, await readSecret(root, name, key));
}

async function fillFromConfigMap(
  into: string,
  name: string,
  from: FileSelection,
  root: string,
): Promise<void> {
  const directory = join(root, inside(name, name));
  let keys: string[];
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    keys = entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
    if (from.optional === true) return;
    throw missing(
      {
        en: `ConfigMap "${name}" does not exist for the local runner.`,
        ja: `local ランナーに ConfigMap「${name}」がありません。`,
      },
      {
        en: `Write its keys as files into ${directory}.`,
        ja: `キーをファイルとして ${directory} に書き込んでください。`,
      },
    );
  }
  const items = from.items ?? keys.map((key) => ({ key, path: key }));
  for (const { key, path } of items) {
    await writeItem(into, path, await readFile(join(directory, inside(key, name))));
  }
}

async function fillProjected(into: string, volume: Volume, roots: VolumeRoots): Promise<void> {
  for (const source of volume.projected?.sources ?? []) {
    const { secret, configMap, ...other } = source as {
      readonly secret?: FileSelection & { readonly name: string };
      readonly configMap?: FileSelection & { readonly name: string };
    };
    const unknown = Object.keys(other)[0];
    if (unknown !== undefined) {
      throw missing(
        {
          en: `Volume "${volume.name}" projects ${unknown}, which only a cluster has.`,
          ja: `ボリューム「${volume.name}」の ${unknown} はクラスターでだけ使えます。`,
        },
        { en: "Run it with --runner kubernetes.", ja: "--runner kubernetes で実行してください。" },
      );
    }
    if (secret) await fillFromSecret(into, secret.name, secret, roots.secrets);
    if (configMap) await fillFromConfigMap(into, configMap.name, configMap, roots.configMaps);
  }
}

async function writeItem(into: string, path: string, bytes: Buffer): Promise<void> {
  const file = join(into, inside(path, path));
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeFile(file, bytes, { mode: 0o600 });
}

/** A relative path that stays below its directory. */
function inside(path: string, name: string): string {
  const plain = normalize(path);
  if (plain.startsWith("/") || plain === ".." || plain.startsWith("../") || plain.includes("\0")) {
    throw missing(
      {
        en: `Path "${path}" of "${name}" leaves its directory.`,
        ja: `「${name}」のパス「${path}」はディレクトリの外を指しています。`,
      },
      { en: "Use a relative path without `..`.", ja: "`..` を含まない相対パスを使ってください。" },
    );
  }
  return plain;
}

function missing(text: { en: string; ja: string }, hint: { en: string; ja: string }): KerutaError {
  return new KerutaError("KRT_WORKSPACE", text, { hint });
}
