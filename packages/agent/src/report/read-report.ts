import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, isAgentReport, runFiles, type AgentReport } from "@keruta/shared/domain";

/** The report's text, null where the agent has written none. It appears whole. */
export async function readReportText(runDirectory: string): Promise<string | null> {
  try {
    return await readFile(join(runDirectory, runFiles.result), "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return null;
    throw error;
  }
}

/** null also where the file holds no report: the task's command may have written there. */
export async function readReport(runDirectory: string): Promise<AgentReport | null> {
  const text = await readReportText(runDirectory);
  if (text === null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isAgentReport(value) ? value : null;
  } catch {
    // Not JSON, so no report.
    return null;
  }
}
