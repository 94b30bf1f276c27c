import { rename, writeFile } from "node:fs/promises";
import { codeOf, type AgentReport } from "@keruta/shared/domain";
import type { Host } from "../host/host.ts";

/**
 * Writes the report to the run directory, where it appears whole or not at all, and to the termination message,
 * which is the kubelet's own file and cannot be renamed. What cannot be written is said on stderr: the exit code
 * still tells how the command ended. Files are readable to all: the sidecar may run as another user than the
 * command, and the run directory keeps out who has no business here.
 */
export async function writeReport(
  report: AgentReport,
  [result, terminationMessage]: readonly [string, string | null],
  host: Pick<Host, "complain">,
): Promise<void> {
  const text = JSON.stringify(report);
  await attempt(result, host, async () => {
    await writeFile(`${result}.part`, text, { mode: 0o644 });
    await rename(`${result}.part`, result);
  });
  if (terminationMessage !== null)
    await attempt(terminationMessage, host, () => writeFile(terminationMessage, text));
}

async function attempt(
  path: string,
  host: Pick<Host, "complain">,
  write: () => Promise<void>,
): Promise<void> {
  try {
    await write();
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    host.complain(`keruta-agent: The report cannot be written to ${path} (${code}).`);
  }
}
