import { resolve } from "node:path";
import { parseRunDirectory } from "../arguments/run-directory-arguments.ts";
import type { Host } from "../host/host.ts";
import { readReportText } from "./read-report.ts";

const noReportCode = 3;

/** `keruta-agent result`: the agent's report on stdout; 3 where there is none (yet). */
export async function printResult(args: readonly string[], host: Host): Promise<number> {
  const text = await readReportText(resolve(host.directory, parseRunDirectory(args)));
  if (text === null) return noReportCode;
  host.print(`${text}\n`);
  return 0;
}
