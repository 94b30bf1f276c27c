import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Task } from "../../../packages/shared/src/domain/index.ts";
import { adminToken } from "./arena.ts";
import type { Round } from "./round-state.ts";

/** The secret as it is and as base64 has it: the piece that is the same however it lies in a longer text. */
export function formsOf(secret: string): readonly string[] {
  return [secret, Buffer.from(secret).toString("base64").replace(/=+$/, "")];
}

/** Looks for the secret wherever keruta keeps, shows or sends anything. */
export async function findLeaks(
  round: Round,
  tasks: readonly Task[],
  forms: readonly string[],
  answers: ApiAnswers,
): Promise<readonly string[]> {
  const leaks: string[] = [];
  const look = (where: string, text: string) => {
    if (forms.some((form) => text.includes(form))) leaks.push(where);
  };
  for (const file of await databaseFiles(round))
    if (await holds(file, forms)) leaks.push(`file ${basename(file)}`);
  const { queue } = round.store;
  for (const task of tasks) {
    look(`task ${task.id}`, JSON.stringify(task));
    look(`events of ${task.id}`, JSON.stringify(await queue.readEvents({ after: 0, taskId: task.id })));
    if (task.description !== "secret") continue;
    for (const { number } of task.attempts) {
      for await (const entry of queue.readLog({ taskId: task.id, attempt: number }))
        look(
          `log of ${task.id}`,
          entry.kind === "output" ? Buffer.from(entry.bytes).toString("latin1") : JSON.stringify(entry),
        );
    }
  }
  for (const text of (await round.arena.namespace?.texts()) ?? [])
    look(`manifest ${text.slice(0, 120)}`, text);
  for (const [path, text] of answers) look(`answer of ${path}`, text);
  return leaks;
}

async function databaseFiles({ arena: { database } }: Round): Promise<readonly string[]> {
  if (database.startsWith("postgres:")) return [];
  const names = (await readdir(dirname(database))).filter((name) => name.startsWith(basename(database)));
  return names.map((name) => join(dirname(database), name));
}

/** A form may lie across two pieces. */
async function holds(file: string, forms: readonly string[]): Promise<boolean> {
  const longest = Math.max(...forms.map(({ length }) => length));
  let before = Buffer.alloc(0);
  for await (const piece of createReadStream(file)) {
    const text = Buffer.concat([before, piece as Buffer]);
    if (forms.some((form) => text.includes(form))) return true;
    before = text.subarray(-longest);
  }
  return false;
}

const most = 20;

/** Path and text. */
type ApiAnswers = readonly (readonly [string, string])[];

/** What the server says of everything, while there still is one. */
export async function apiAnswers(round: Round, tasks: readonly Task[]): Promise<ApiAnswers> {
  const { server } = round.arena;
  const token = server && (await adminToken(round.arena));
  if (!server || token === undefined) return [];
  const secret = tasks.filter(({ description }) => description === "secret").slice(0, most);
  const paths = ["/api/tasks?limit=1000", "/api/events", "/api/settings", "/api/workers", "/metrics"];
  for (const { id } of secret)
    paths.push(`/api/tasks/${id}`, `/api/tasks/${id}/log`, `/api/tasks/${id}/artifacts`);
  return await Promise.all(
    paths.map(async (path) => {
      const answer = await fetch(server.url + path, { headers: { authorization: `Bearer ${token}` } });
      return [path, await answer.text()] as const;
    }),
  );
}
