import { completeTask } from "../domain/task/complete.ts";
import type { NewTask } from "../domain/task/task.ts";
import type { PvcSource, Volume } from "../domain/task/spec.ts";
import { normaliseInstant } from "./instant.ts";
import { isMapping } from "./path.ts";

type Mapping = Readonly<Record<string, unknown>>;

/** A value that was checked without a complaint, in the domain's one form. */
export function normaliseTask(value: Mapping): NewTask {
  const { apiVersion: _version, kind: _kind, spec, ...fields } = withoutEmpty(value);
  const task = isMapping(spec) ? { ...fields, spec: normaliseSpec(spec) } : fields;
  // The rules of schema/ allow nothing that these types do not.
  return completeTask(task as Partial<NewTask>);
}

/** Mappings whose keys are the user's own: nothing in them is dropped. */
const userMappings = new Set(["env", "secretEnv", "labels", "nodeSelector"]);

/** Drops keys that were left null or empty, which say the same as none. */
function withoutEmpty(value: Mapping): Mapping {
  const kept = Object.entries(value).filter(([, item]) => item !== null && item !== undefined && item !== "");
  const clean = kept.map(([key, item]) => {
    if (userMappings.has(key)) return [key, item] as const;
    if (key === "sources") return [key, item] as const;
    if (Array.isArray(item))
      return [key, item.map((one) => (isMapping(one) ? withoutEmpty(one) : one))] as const;
    return [key, isMapping(item) ? withoutEmpty(item) : item] as const;
  });
  return Object.fromEntries(clean);
}

function normaliseSpec(spec: Mapping): Mapping {
  const { notBefore, deadline, volumes, resources, artifacts } = spec;
  return {
    ...spec,
    ...(typeof notBefore === "string" && { notBefore: normaliseInstant(notBefore) }),
    ...(typeof deadline === "string" && { deadline: normaliseInstant(deadline) }),
    ...(Array.isArray(volumes) && { volumes: volumes.filter(isMapping).map(normaliseVolume) }),
    ...(isMapping(resources) && { resources: normaliseResources(resources) }),
    ...(isMapping(artifacts) && { artifacts: withText(artifacts, "maxBytes") }),
  };
}

/** `persistentVolumeClaim` is Kubernetes' name of `pvc`, and puts `readOnly` inside. */
function normaliseVolume(volume: Mapping): Mapping {
  const { persistentVolumeClaim, pvc, emptyDir, ...rest } = volume;
  if (isMapping(persistentVolumeClaim)) {
    const { claimName, readOnly } = persistentVolumeClaim;
    const source = { claim: claimName } as PvcSource;
    return { ...rest, pvc: source, ...(readOnly === true && { readOnly }) } satisfies Partial<Volume>;
  }
  return {
    ...rest,
    ...(isMapping(pvc) && { pvc: withText(pvc, "size") }),
    ...(isMapping(emptyDir) && { emptyDir: withText(emptyDir, "sizeLimit") }),
  };
}

function normaliseResources(resources: Mapping): Mapping {
  const amounts = Object.entries(resources).map(([kind, map]) => {
    const texts = Object.entries(isMapping(map) ? map : {}).map(
      ([name, amount]) => [name, String(amount)] as const,
    );
    return [kind, Object.fromEntries(texts)] as const;
  });
  return Object.fromEntries(amounts);
}

function withText(source: Mapping, key: string): Mapping {
  return typeof source[key] === "number" ? { ...source, [key]: String(source[key]) } : source;
}
