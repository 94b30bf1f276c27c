import { connect } from "node:net";
import { resolve as resolvePath } from "node:path";
import { KerutaError, parseControlWords, socketVariable, type Control } from "@keruta/shared/domain";
import { usageError } from "../arguments/usage.ts";
import type { Host } from "../host/host.ts";
import type { ControlAnswer } from "./control-server.ts";

const answerTimeout = 10_000;

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
  const answer = await request(path, control);
  if (!answer.ok) throw unreachable(path, answer.error);
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

function request(path: string, control: Control): Promise<ControlAnswer> {
  return new Promise((resolve, reject) => {
    let text = "";
    const connection = connect(path, () => connection.write(`${JSON.stringify(control)}\n`));
    connection.setEncoding("utf8");
    connection.setTimeout(answerTimeout, () => connection.destroy(new Error("no answer")));
    connection.on("data", (part: string) => (text += part));
    connection.on("error", (error: NodeJS.ErrnoException) =>
      reject(unreachable(path, error.code ?? error.message)),
    );
    connection.on("end", () => {
      if (text.endsWith("\n")) resolve(JSON.parse(text) as ControlAnswer);
      else reject(unreachable(path, "no answer"));
    });
  });
}

function unreachable(path: string, why: string): KerutaError {
  return new KerutaError(
    "KRT_AGENT",
    {
      en: `The task's agent did not take it at ${path}: ${why}.`,
      ja: `タスクのエージェント (${path}) が受け付けませんでした: ${why}`,
    },
    { hint: { en: "The task may have ended already.", ja: "タスクがすでに終了している可能性があります。" } },
  );
}
