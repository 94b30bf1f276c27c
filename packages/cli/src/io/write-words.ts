import type { Sink } from "./io.ts";

/**
 * Words to whoever looks on. Where nobody can hear them (a reader that went away, a full disk behind `2> log`) they are
 * lost and nothing with them: a task, a worker and a server go on, and exit code and queue still say what became of it.
 */
export async function writeWords(sink: Pick<Sink, "write">, words: string): Promise<void> {
  await sink.write(words).catch(() => undefined);
}
