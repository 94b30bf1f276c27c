import type { AgentReport } from "./protocol.ts";

/** True for a value that has what decisions rest on: it comes from inside a container. */
export function isAgentReport(value: unknown): value is AgentReport {
  if (typeof value !== "object" || value === null) return false;
  const report = value as Readonly<Record<string, unknown>>;
  return (
    report["version"] === 1 &&
    (report["exitCode"] === null || Number.isSafeInteger(report["exitCode"])) &&
    Number.isSafeInteger(report["sequence"]) &&
    isDigest(report["stdout"]) &&
    isDigest(report["stderr"])
  );
}

function isDigest(value: unknown): boolean {
  const digest = value as { readonly bytes?: unknown; readonly sha256?: unknown } | null | undefined;
  return typeof digest?.sha256 === "string" && Number.isSafeInteger(digest.bytes);
}
