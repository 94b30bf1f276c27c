import type { OpenLines } from "../../domain/log/line-level.ts";
import { streamNames } from "../../domain/log/stream.ts";
import { droppedBits, openLinesAfter, streamBits, unpackBlock, type LogBlock } from "./log-block.ts";
import { first, statement, type Program } from "./program.ts";
import type { LogBlockRow } from "./schema.ts";

const selectBlockBefore = statement((db, p: { task: string; attempt: number; before: number }) =>
  db
    .selectFrom("log_blocks")
    .selectAll()
    .where("task_id", "=", p.task)
    .where("attempt", "=", p.attempt)
    .where("first_seq", "<", p.before)
    .orderBy("first_seq", "desc")
    .limit(1),
);

/** The levels of the lines that the log's end is in the middle of, which may have begun blocks before. */
export function* openLevels(task: string, attempt: number, last: LogBlock): Program<OpenLines> {
  let entries = unpackBlock(last);
  let open = entries.reduce(openLinesAfter, last.open_lines);
  if (open === 0) return {};
  const levels: { -readonly [K in keyof OpenLines]: OpenLines[K] } = {};
  for (let before: number | undefined = last.first_seq; before !== undefined;) {
    for (const name of streamNames) {
      const bit = streamBits[name];
      const begun = entries.findLast((entry) => entry.kind === "output" && entry.stream === name);
      if ((open & droppedBits[name]) !== 0) levels[name] = "DEBUG";
      else if ((open & bit) === 0) continue;
      else if (begun?.kind === "output") levels[name] = begun.level;
      else continue;
      open &= ~(bit | droppedBits[name]);
    }
    const earlier: LogBlockRow | undefined =
      open === 0 ? undefined : yield* first(selectBlockBefore({ task, attempt, before }));
    // Of one that is archived the line's level is not known here: what goes on is judged by itself.
    if (!earlier || earlier.data === null) return levels;
    entries = unpackBlock({ ...earlier, data: earlier.data });
    before = earlier.first_seq;
  }
  return levels;
}
