import { delimiter } from "node:path";
import { socketVariable } from "@keruta/shared/domain";
import type { Host } from "../host/host.ts";

/** Variables by which keruta speaks to the agent, and not to the command. */
const ownPrefix = "KERUTA_AGENT_";
const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** The agent's environment as the command gets it where no driver sends one. */
export function inheritedEnvironment(host: Pick<Host, "env">): Record<string, string> {
  return Object.fromEntries(Object.entries(host.env).filter(([name]) => !name.startsWith(ownPrefix)));
}

export function commandEnvironment(
  env: Readonly<Record<string, string>>,
  additions: { readonly binDirectory: string | null; readonly socket: string | null },
): Record<string, string> {
  const complete: Record<string, string> = { ...env };
  const { binDirectory, socket } = additions;
  if (binDirectory !== null) complete["PATH"] = `${env["PATH"] ?? defaultPath}${delimiter}${binDirectory}`;
  if (socket !== null) complete[socketVariable] = socket;
  return complete;
}
