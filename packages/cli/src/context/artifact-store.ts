import { join } from "node:path";
import type { Settings } from "@keruta/shared/domain";
import type { Paths } from "./paths.ts";

/** The directory of collected artifacts: `<store>/<task id>/<attempt>/…`. */
export function artifactStore(paths: Paths, settings: Settings): string {
  const configured = settings.get("keruta.artifacts.store");
  return configured === "" ? join(paths.state, "artifacts") : configured;
}
