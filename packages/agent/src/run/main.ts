import { agentExitCodes, isKerutaError, type Language } from "@keruta/shared/domain";
import { helpText, usageError } from "../arguments/usage.ts";
import type { Host } from "../host/host.ts";

const usageCode = 2;
const failureCode = 1;

/** Runs the subcommand that the arguments name and gives the exit code. Each loads only what it needs. */
export async function main(host: Host): Promise<number> {
  const [subcommand = "", ...args] = host.args;
  try {
    if (asksForHelp(args)) {
      const { commandHelp } = await import("../help/help.ts");
      const text = commandHelp(subcommand);
      if (text !== undefined) {
        host.print(text);
        return 0;
      }
    }
    switch (subcommand) {
      case "run": {
        const { run } = await import("./run.ts");
        return await run(args, host);
      }
      case "collect": {
        const { collect } = await import("../collect/collect.ts");
        return await collect(args, host);
      }
      case "install": {
        const { install } = await import("../install/install.ts");
        return await install(args, host);
      }
      case "sidecar": {
        const { sidecar } = await import("../sidecar/sidecar.ts");
        return await sidecar(args, host);
      }
      case "stop": {
        const { sendStop } = await import("../socket/send-stop.ts");
        return await sendStop(args, host);
      }
      case "spool": {
        const { printSpool } = await import("../spool/print-spool.ts");
        return await printSpool(args, host);
      }
      case "result": {
        const { printResult } = await import("../report/print-result.ts");
        return await printResult(args, host);
      }
      case "acknowledge": {
        const { acknowledge } = await import("../sidecar/acknowledge.ts");
        return await acknowledge(args, host);
      }
      case "clone": {
        const { clone } = await import("../clone/command.ts");
        return await clone(args, host);
      }
      case "resolve": {
        const { resolve } = await import("../resolve/resolve.ts");
        return await resolve(args, host);
      }
      case "progress":
      case "artifact":
      case "log":
      case "output": {
        const { sendControl } = await import("../socket/send-control.ts");
        await sendControl(subcommand, args, host);
        return 0;
      }
      case "help":
      case "--help":
      case "-h":
        host.print(helpText);
        return 0;
      default:
        throw usageError(
          subcommand === ""
            ? { en: "No subcommand was given.", ja: "サブコマンドがありません。" }
            : {
                en: `There is no subcommand "${subcommand}".`,
                ja: `サブコマンド「${subcommand}」はありません。`,
              },
        );
    }
  } catch (error) {
    if (!isKerutaError(error)) {
      if (subcommand !== "run") throw error;
      // 1 would be the command's own.
      host.complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
      return agentExitCodes.failed;
    }
    const language = languageOf(host.env);
    host.complain(`keruta-agent: ${error.text[language]}`);
    if (error.hint) host.complain(`keruta-agent: ${error.hint[language]}`);
    if (subcommand === "run") return agentExitCodes.failed;
    return isKerutaError(error, "KRT_USAGE") ? usageCode : failureCode;
  }
}

/** Of the agent's own arguments: those of the command come after `--`. */
function asksForHelp(args: readonly string[]): boolean {
  const end = args.indexOf("--");
  return (end === -1 ? args : args.slice(0, end)).includes("--help");
}

function languageOf(env: Readonly<Record<string, string>>): Language {
  const locale = env["LC_ALL"] ?? env["LC_MESSAGES"] ?? env["LANG"] ?? "";
  return locale.startsWith("ja") ? "ja" : "en";
}
