import { readFile } from "node:fs/promises";
import type { ChildProcess } from "node:child_process";
import { join } from "node:path";
import { vi } from "vitest";
import type { Sandbox } from "../sandbox.ts";

export interface Serving {
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  /** Ends it by SIGTERM; resolves with how it ended. */
  stop(): ReturnType<Sandbox["run"]>;
  readonly pid: number;
  readonly child: ChildProcess;
}

/** `keruta serve` on a port that is free, once it can be asked. */
export function serve(sandbox: Sandbox, ...flags: readonly string[]): Promise<Serving> {
  return serveWith(sandbox, {}, ...flags);
}

export async function serveWith(
  sandbox: Sandbox,
  own: Readonly<Record<string, string>>,
  ...flags: readonly string[]
): Promise<Serving> {
  const { child, ended } = sandbox.start(["serve", "--listen", "127.0.0.1:0", ...flags], { env: own });
  let words = "";
  child.stderr?.on("data", (chunk: Buffer) => (words += chunk.toString()));
  const url = await vi.waitFor(
    () => {
      const [, found] = /serving \S+ at (\S+)/.exec(words) ?? [];
      if (found === undefined) throw new Error(`not serving yet: ${words}`);
      return found;
    },
    { timeout: 20_000, interval: 20 },
  );
  const token = (await readFile(join(sandbox.directory, "state/keruta/admin-token"), "utf8")).trim();
  const env = {
    KERUTA_API_URL: url,
    KERUTA_API_TOKEN: token,
    XDG_STATE_HOME: join(sandbox.directory, "other"),
  };
  return {
    url,
    env,
    pid: child.pid ?? 0,
    child,
    stop() {
      child.kill("SIGTERM");
      return ended;
    },
  };
}
