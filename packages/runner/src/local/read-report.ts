import { readFile } from "node:fs/promises";
import { codeOf, isAgentReport, type AgentReport, type CommandProcess } from "@keruta/shared/domain";

/** The agent's result, null where it left none. It appears whole or not at all. */
export async function readReport(path: string): Promise<AgentReport | null> {
  const value = await readJson(path);
  return isAgentReport(value) ? value : null;
}

/** The command's process, null where none runs that the agent knew of. */
export async function readCommandProcess(path: string): Promise<CommandProcess | null> {
  const value = await readJson(path);
  const isCommand =
    value !== null && Number.isSafeInteger(value["pid"]) && typeof value["startTime"] === "string";
  return isCommand ? (value as unknown as CommandProcess) : null;
}

async function readJson(path: string): Promise<Readonly<Record<string, unknown>> | null> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    // Cut by a crash or a full disk: as good as none, and the attempt says so.
    return null;
  }
}
