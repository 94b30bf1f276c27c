import { resolve } from "node:path";
import { parseArgs, type ParseArgsConfig } from "node:util";
import { countOption, durationOption, parsing, requiredOption } from "../arguments/usage.ts";
import type { CloneRequest } from "./clone.ts";

export interface CloneArguments {
  readonly request: CloneRequest;
  /** Where the outcome is written as JSON: a file, or a container's termination message. */
  readonly result: string | null;
}

export const cloneOptionTable = {
  url: { type: "string" },
  ref: { type: "string" },
  depth: { type: "string", default: "0" },
  path: { type: "string" },
  submodules: { type: "boolean", default: false },
  clean: { type: "boolean", default: false },
  "secret-dir": { type: "string" },
  "no-local": { type: "boolean", default: false },
  timeout: { type: "string", default: "10m" },
  result: { type: "string" },
} satisfies ParseArgsConfig["options"];

/** @throws KerutaError KRT_USAGE */
export function parseCloneArguments(args: readonly string[], directory: string): CloneArguments {
  const { values } = parsing(() =>
    parseArgs({
      args: [...args],
      allowPositionals: false,
      options: cloneOptionTable,
    }),
  );
  return {
    request: {
      url: requiredOption("url", values.url),
      ref: values.ref,
      depth: countOption("depth", values.depth),
      path: resolve(directory, requiredOption("path", values.path)),
      submodules: values.submodules,
      clean: values.clean,
      secretDirectory: values["secret-dir"],
      timeout: durationOption("timeout", values.timeout),
      allowLocal: !values["no-local"],
    },
    result: values.result ?? null,
  };
}
