import { lookup } from "node:dns/promises";
import { parseArgs } from "node:util";
import { codeOf, unresolvedExitCode } from "@keruta/shared/domain";
import { parsing, usageError } from "../arguments/usage.ts";
import type { Host } from "../host/host.ts";

/** `keruta-agent resolve NAME`: the addresses that a name has where the agent runs; its own code where it has none. */
export async function resolve(args: readonly string[], host: Host): Promise<number> {
  const { positionals } = parsing(() => parseArgs({ args: [...args], allowPositionals: true, options: {} }));
  const [name, ...others] = positionals;
  if (name === undefined || others.length > 0)
    throw usageError({ en: "Give one name.", ja: "名前を 1 つ指定してください。" });
  try {
    const found = await lookup(name, { all: true });
    host.print(found.map(({ address }) => `${address}\n`).join(""));
    return 0;
  } catch (error) {
    host.complain(`keruta-agent: ${name} does not resolve: ${codeOf(error) ?? String(error)}`);
    return unresolvedExitCode;
  }
}
