import { connect } from "node:net";
import { KerutaError, type Control, type DriverMessage } from "@keruta/shared/domain";
import type { ControlAnswer } from "./control-server.ts";

const answerTimeout = 10_000;

/** Sends one message to the agent of a task; resolves when the agent has taken it, else throws KRT_AGENT. */
export async function requestOf(
  path: string,
  message: Control | DriverMessage,
): Promise<Extract<ControlAnswer, { ok: true }>> {
  const answer = await exchange(path, JSON.stringify(message));
  if (answer.ok) return answer;
  throw unreachable(path, answer.error);
}

function exchange(path: string, request: string): Promise<ControlAnswer> {
  return new Promise((resolve, reject) => {
    let text = "";
    const connection = connect(path, () => connection.write(`${request}\n`));
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
