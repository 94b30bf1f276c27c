import { parseDocument } from "yaml";
import { podContainers } from "@keruta/shared/domain";
import type { JobManifest } from "./manifest.ts";
import { isMapping, valueAt, type Mapping } from "./mapping.ts";
import { mergeOnto } from "./merge.ts";
import { refuseFields } from "./template-refusals.ts";
import { templateError } from "./template-error.ts";

/** A Job, or parts of one, that every rendered Job is merged onto; checked by `parseTemplate`. */
export type JobTemplate = Mapping;

/** Throws KRT_SETTING_INVALID where it is no Job, or sets a field that keruta's promises rest on. */
export function parseTemplate(text: string): JobTemplate {
  if (text.trim() === "") return {};
  const document = parseDocument(text, { schema: "core", logLevel: "silent", prettyErrors: false });
  const [error] = document.errors;
  if (error)
    throw templateError("", {
      en: `is not YAML (${error.message})`,
      ja: `が YAML ではありません（${error.message}）`,
    });
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  if (!isMapping(value))
    throw templateError("", { en: "is not a mapping", ja: "がマッピングではありません" });
  refuseFields(value);
  return value;
}

/**
 * The rendered Job over the template: mappings are merged, lists of named things (containers, volumes, variables,
 * mounts) by name, tolerations one after the other; in everything else the rendered value stands.
 */
export function mergeTemplate(template: JobTemplate, job: JobManifest): JobManifest {
  if (Object.keys(template).length === 0) return job;
  // Merging keeps every field of the rendered Job, so its type holds.
  return sidecarFirst(mergeOnto(template, { ...job }, "") as unknown as JobManifest);
}

/** Variables that a template takes from Secrets for the command. */
export function secretNames(template: JobTemplate): readonly string[] {
  const containers = valueAt(template, "spec.template.spec.containers");
  const all = Array.isArray(containers) ? containers.filter(isMapping) : [];
  const main = all.find(({ name }) => name === podContainers.main);
  const variables = Array.isArray(main?.["env"]) ? main["env"].filter(isMapping) : [];
  return variables
    .filter((variable) => valueAt(variable, "valueFrom.secretKeyRef") !== undefined)
    .map(({ name }) => String(name));
}

/** A template's init containers find the agent installed, and run before the clone. */
function sidecarFirst(job: JobManifest): JobManifest {
  const { template } = job.spec;
  const { initContainers } = template.spec;
  const isSidecar = ({ name }: { readonly name: string }) => name === podContainers.sidecar;
  const ordered = [...initContainers.filter(isSidecar), ...initContainers.filter((one) => !isSidecar(one))];
  return {
    ...job,
    spec: { ...job.spec, template: { ...template, spec: { ...template.spec, initContainers: ordered } } },
  };
}
