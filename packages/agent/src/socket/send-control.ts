import { resolve as resolvePath } from "node:path";
import { KerutaError, parseControlWords, socketVariable, type Control } from "@keruta/shared/domain";
import { usageError } from "../arguments/usage.ts";
import type { Host } from "../host/host.ts";
import { requestOf } from "./request.ts";

/** `keruta-agent progress|artifact|log|output` inside a task: resolves when the agent has taken it. */
export async function sendControl(type: string, args: readonly string[], host: Host): Promise<void> {
  const control = parseWords(type, args, host.directory);
  const path = host.env[socketVariable];
  if (path === undefined || path === "") {
    throw new KerutaError(
      "KRT_AGENT",
      {
        en: `"keruta-agent ${type}" works only inside a task: ${socketVariable} is not set.`,
        ja: `「keruta-agent ${type}」はタスクの中でだけ使えます (${socketVariable} がありません)。`,
      },
      {
        hint: {
          en: "Call it from a task's command, with the environment that the task got.",
          ja: "タスクのコマンドから、渡された環境変数を保ったまま呼び出してください。",
        },
      },
    );
  }
  await requestOf(path, control);
}

function parseWords(type: string, args: readonly string[], directory: string): Control {
  const [first, ...rest] = args[0] === "--" ? args.slice(1) : args;
  const wanted = type === "output" ? rest.length === 1 : type !== "artifact" || rest.length === 0;
  const isPath = type === "artifact" && first !== undefined && first !== "";
  const word = isPath ? resolvePath(directory, first) : first;
  const control = word === undefined || !wanted ? undefined : parseControlWords(type, word, rest.join(" "));
  if (control) return control;
  const usages: Readonly<Record<string, string>> = {
    progress: "progress PERCENT [MESSAGE], PERCENT from 0 to 100 or -",
    artifact: "artifact PATH, at most 1024 bytes",
    log: "log DEBUG|INFO|WARN|ERROR TEXT",
    output: "output NAME VALUE, NAME of letters, digits, _, . and -",
  };
  const usage = usages[type] ?? type;
  throw usageError({
    en: `The words after "${type}" are not right: keruta-agent ${usage}.`,
    ja: `「${type}」の引数が正しくありません。書式: keruta-agent ${usage}`,
  });
}
