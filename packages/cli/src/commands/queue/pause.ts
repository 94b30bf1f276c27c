import type { Command } from "commander";
import type { Context } from "../../context/context.ts";
import { createCommand } from "../../command-line/command.ts";

export interface QueuePauseOptions {
  readonly context: Context;
  readonly paused: boolean;
}

export function queuePauseCommand(context: Context, run = runQueuePause): Command {
  return createCommand(context, {
    name: "pause",
    examples: [
      {
        line: "keruta queue pause",
        text: {
          en: "running tasks go on, no further one starts",
          ja: "実行中のものは続き、新しいものは始まらない",
        },
      },
    ],
  }).action(async () => {
    await run({ context, paused: true });
  });
}

export function queueResumeCommand(context: Context, run = runQueuePause): Command {
  return createCommand(context, {
    name: "resume",
    examples: [{ line: "keruta queue resume", text: { en: "go on", ja: "再開する" } }],
  }).action(async () => {
    await run({ context, paused: false });
  });
}

export async function runQueuePause({ context, paused }: QueuePauseOptions): Promise<void> {
  const queue = await context.openQueue();
  await queue.setPaused(paused);
  await context.notify(
    paused
      ? {
          en: `The queue ${queue.name} is paused; \`keruta queue resume\` lets it go on.`,
          ja: `キュー ${queue.name} を一時停止しました。\`keruta queue resume\` で再開します。`,
        }
      : { en: `The queue ${queue.name} runs.`, ja: `キュー ${queue.name} を再開しました。` },
  );
}
