import {
  integer,
  absolutePath,
  anyText,
  dataKey,
  dnsLabel,
  flag,
  innerPath,
  objectName,
  optional,
  size,
} from "./values.ts";
import { list, map, object, words, type ObjectRule } from "./rule.ts";

const mode = {
  ...integer(0, 0o777),
  expects: {
    en: "file permissions from 0 to 0o777 (YAML reads 0644 as decimal: write 0o644 or 420)",
    ja: "0 から 0o777 までのファイル権限（YAML では 0644 は 10 進数になるため、0o644 か 420 と書きます）",
  },
};

const keyToPath = object({ key: dataKey, path: innerPath, mode }, { required: ["key", "path"] });
const items = list(keyToPath, { en: "a list of { key, path }", ja: "{ key, path } のリスト" });

/** A source of a projected volume goes to the cluster as it is. */
const raw = map(
  anyText,
  { kind: "raw", expects: { en: "anything", ja: "任意の値" } },
  {
    en: "a mapping as Kubernetes has it",
    ja: "Kubernetes の形式のマッピング",
  },
);
const projectedKinds = ["secret", "configMap", "downwardAPI", "serviceAccountToken"] as const;
const projectedSource = object(Object.fromEntries(projectedKinds.map((kind) => [kind, raw])), {
  oneOf: projectedKinds,
});

const volumeSources = [
  "pvc",
  "persistentVolumeClaim",
  "emptyDir",
  "secret",
  "configMap",
  "projected",
] as const;

export const volume: ObjectRule = object(
  {
    name: dnsLabel,
    mountPath: absolutePath,
    readOnly: flag,
    subPath: optional(innerPath),
    pvc: object({
      claim: optional(objectName),
      size,
      accessMode: words("ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany", "ReadOnlyMany"),
      storageClass: optional(objectName),
      retain: flag,
    }),
    persistentVolumeClaim: object({ claimName: objectName, readOnly: flag }, { required: ["claimName"] }),
    emptyDir: object({ sizeLimit: size, medium: optional(words("Memory")) }),
    secret: object(
      { secretName: objectName, items, optional: flag, defaultMode: mode },
      { required: ["secretName"] },
    ),
    configMap: object({ name: objectName, items, optional: flag, defaultMode: mode }, { required: ["name"] }),
    projected: object(
      {
        sources: list(projectedSource, { en: "a list of sources", ja: "ソースのリスト" }),
        defaultMode: mode,
      },
      { required: ["sources"] },
    ),
  },
  { required: ["name", "mountPath"], oneOf: volumeSources },
);
