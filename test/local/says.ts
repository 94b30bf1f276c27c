import type { ChildProcess } from "node:child_process";
import { expect, vi } from "vitest";

/** Resolves when the process has said this on stderr, from now on. */
export async function says(child: ChildProcess, text: string): Promise<void> {
  let seen = "";
  child.stderr?.on("data", (chunk: Buffer) => (seen += chunk.toString()));
  await vi.waitFor(() => expect(seen).toContain(text), { timeout: 20_000, interval: 20 });
}
