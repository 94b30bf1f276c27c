import { podContainers, type Text } from "@keruta/shared/domain";
import { isMapping, valueAt, type Mapping } from "./mapping.ts";
import { templateError } from "./template-error.ts";

/** What keruta's promises rest on: one Pod, one start of the command, an end that is read before it is removed. */
const ownFields = [
  "status",
  "metadata.name",
  "metadata.generateName",
  "metadata.namespace",
  "metadata.ownerReferences",
  "metadata.finalizers",
  "spec.parallelism",
  "spec.completions",
  "spec.completionMode",
  "spec.backoffLimit",
  "spec.backoffLimitPerIndex",
  "spec.maxFailedIndexes",
  "spec.podFailurePolicy",
  "spec.successPolicy",
  "spec.podReplacementPolicy",
  "spec.suspend",
  "spec.managedBy",
  "spec.selector",
  "spec.manualSelector",
  "spec.activeDeadlineSeconds",
  "spec.ttlSecondsAfterFinished",
  "spec.template.metadata.name",
  "spec.template.spec.restartPolicy",
  "spec.template.spec.activeDeadlineSeconds",
  "spec.template.spec.terminationGracePeriodSeconds",
  "spec.template.spec.automountServiceAccountToken",
  "spec.template.spec.enableServiceLinks",
  // The API refuses it beside a scheduling gate; a nodeSelector says the same to the scheduler.
  "spec.template.spec.nodeName",
] as const;

/** Of the containers that keruta renders; other fields of theirs may be extended. */
const ownContainerFields = ["image", "command", "args", "workingDir", "restartPolicy", "lifecycle"] as const;
const ownContainers: readonly unknown[] = Object.values(podContainers);

/** Throws KRT_SETTING_INVALID with the path of the first field that a template may not set. */
export function refuseFields(template: Mapping): void {
  refuseOther(template, "apiVersion", "batch/v1");
  refuseOther(template, "kind", "Job");
  for (const path of ownFields) if (valueAt(template, path) !== undefined) throw keptByKeruta(path);
  for (const place of ["metadata.labels", "spec.template.metadata.labels"]) refuseOwnKeys(template, place);
  for (const place of ["metadata.annotations", "spec.template.metadata.annotations"])
    refuseOwnKeys(template, place);
  checkContainers(template, "spec.template.spec.initContainers", () => undefined);
  checkContainers(template, "spec.template.spec.containers", ({ name }, path) => {
    if (name === podContainers.main) return;
    throw templateError(
      path,
      { en: "would keep the Pod from ending", ja: "があると Pod が終了しません" },
      {
        en: "Put it under initContainers with restartPolicy: Always, which makes it a sidecar.",
        ja: "restartPolicy: Always を付けて initContainers に置き、サイドカーにしてください。",
      },
    );
  });
}

function refuseOther(template: Mapping, field: string, wanted: string): void {
  const value = template[field];
  if (value === undefined || value === wanted) return;
  const shown = JSON.stringify(value);
  throw templateError(field, { en: `is ${shown}, not ${wanted}`, ja: `が ${wanted} ではなく ${shown} です` });
}

function refuseOwnKeys(template: Mapping, place: string): void {
  const keys = valueAt(template, place);
  if (!isMapping(keys)) return;
  const own = Object.keys(keys).find((key) => /^keruta\.dev\/|^app\.kubernetes\.io\/managed-by$/.test(key));
  if (own !== undefined) throw keptByKeruta(`${place}[${own}]`);
}

function checkContainers(
  template: Mapping,
  place: string,
  check: (container: Mapping, path: string) => void,
): void {
  const containers = valueAt(template, place);
  if (containers === undefined) return;
  if (!Array.isArray(containers)) throw templateError(place, notAList);
  for (const [index, container] of containers.entries()) {
    const path = `${place}[${String(index)}]`;
    if (!isMapping(container) || typeof container["name"] !== "string") throw templateError(path, unnamed);
    if (ownContainers.includes(container["name"])) {
      const field = ownContainerFields.find((name) => container[name] !== undefined);
      if (field !== undefined) throw keptByKeruta(`${path}.${field}`);
    }
    check(container, path);
  }
}

function keptByKeruta(path: string) {
  return templateError(path, {
    en: "is a field that keruta sets itself",
    ja: "は keruta 自身が設定するため指定できません",
  });
}

const notAList: Text = { en: "is not a list", ja: "がリストではありません" };
const unnamed: Text = { en: "has no name", ja: "に name がありません" };
