import type { Command } from "commander";
import {
  errorCodes,
  languages,
  levels,
  reasons,
  runnerNames,
  settingTable,
  streamNames,
  taskStatuses,
} from "@keruta/shared/domain";
import { colorModes } from "../../context/globals.ts";
import type { Context } from "../../context/context.ts";
import { neutralise } from "../../output/neutralise.ts";
import { formatsOf } from "../../command-line/command.ts";
import { shells } from "./scripts.ts";

export interface Candidate {
  readonly value: string;
  readonly description?: string;
}

/** How many tasks are offered at most, the newest. */
const taskCount = 50;

/** By the name of an argument or of an option's value (`<task-id>`, `<status>`); none for what only the user knows. */
export async function candidatesFor(
  context: Context,
  name: string,
  command: Command,
): Promise<readonly Candidate[]> {
  switch (name) {
    case "task-id":
      return await taskCandidates(context);
    case "selector":
    case "--label":
      return await labelCandidates(context);
    case "setting-key":
      return settingTable.map(({ key, description }) => ({
        value: key,
        description: context.translate(description),
      }));
    case "reason-or-code":
      return [...reasons, ...errorCodes].map(plain);
    case "status":
      return taskStatuses.map(plain);
    case "format":
      return formatsOf(command).map(plain);
    case "level":
      return levels.map(plain);
    case "stream":
      return streamNames.map(plain);
    case "runner":
      return runnerNames.map(plain);
    case "when":
      return colorModes.map(plain);
    case "language":
      return languages.map(plain);
    case "shell":
      return shells.map(plain);
    default:
      return [];
  }
}

async function taskCandidates(context: Context): Promise<readonly Candidate[]> {
  const queue = await context.openQueue();
  const { items } = await queue.listTasks({ limit: taskCount });
  const tasks = items.map(({ id, status, title }) => ({
    value: id,
    description: `${status} ${neutralise(title)}`,
  }));
  return items.length === 0 ? [] : [...tasks, { value: "@last" }];
}

async function labelCandidates(context: Context): Promise<readonly Candidate[]> {
  const queue = await context.openQueue();
  const labels = await queue.listLabels();
  return labels.map(({ key, value }) => ({ value: `${key}=${value}` }));
}

function plain(value: string): Candidate {
  return { value };
}
