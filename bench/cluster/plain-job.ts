import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Place } from "./place.ts";

/** A Job without keruta, as `job.batch/NAME`. */
export function createPlainJob({ ask, home, image }: Place, command: readonly string[]): string {
  const file = join(home, "job.json");
  writeFileSync(file, JSON.stringify({ ...plainJob(image, command), metadata: { generateName: "bench-" } }));
  return ask("create", "-f", file, "-o", "name").trim();
}

export function plainJob(image: string, command: readonly string[], more: object = {}): object {
  const containers = [{ name: "main", image, imagePullPolicy: "IfNotPresent", command }];
  const template = { spec: { restartPolicy: "Never", containers, ...more } };
  return { apiVersion: "batch/v1", kind: "Job", spec: { backoffLimit: 0, template } };
}
