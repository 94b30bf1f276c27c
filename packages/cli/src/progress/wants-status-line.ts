import type { Context } from "../context/context.ts";

/** Whether a person looks at stderr and wants to see what goes on. */
export function wantsStatusLine({ io, env, globals }: Pick<Context, "io" | "env" | "globals">): boolean {
  const ci = env["CI"] ?? "";
  return io.stderr.isTTY && globals.quiet !== true && (ci === "" || ci === "false") && env["TERM"] !== "dumb";
}
