import { sql } from "kysely";
import type { Notice } from "../../../domain/notify/notice.ts";
import type { DuePage, DueTask, NotifyAgenda } from "../../notify.ts";
import type { Context } from "../context.ts";
import { all, first, statement, type Program } from "../program.ts";
import type { NoticeRow } from "../schema.ts";
import { isoTime } from "../time.ts";

const pageSize = 100;

const selectFirst = statement((db) =>
  db
    .selectFrom("notices")
    .select([
      sql<number | null>`min(time)`.as("first"),
      sql<number | null>`max(case when kind = 'log' then 0 else 1 end)`.as("urgent"),
    ]),
);
const selectDeadline = statement((db) =>
  db
    .selectFrom("tasks")
    .select(sql<number | null>`min(deadline)`.as("next"))
    .where(sql<boolean>`deadline is not null and deadline_missed_at is null`)
    .where(sql<boolean>`status in ('PENDING', 'IN_PROGRESS')`),
);
const selectChannels = statement((db) =>
  db
    .selectFrom("deliveries")
    .select("channel")
    .distinct()
    .where(sql<boolean>`state = 'waiting'`)
    .orderBy("channel"),
);

export function* agenda({ clock }: Context): Program<NotifyAgenda> {
  const notices = yield* first(selectFirst({}));
  const deadline = yield* first(selectDeadline({}));
  const channels = yield* all(selectChannels({}));
  return {
    now: clock(),
    firstNotice: notices?.first ?? null,
    isUrgent: notices?.urgent === 1,
    nextDeadline: deadline?.next ?? null,
    channels: channels.map(({ channel }) => channel),
  };
}

const selectDue = statement((db, p: { before: number; from: number }) =>
  db
    .selectFrom("notices")
    .select(["task_id", sql<number>`min(seq)`.as("first")])
    .where((eb) => eb.or([eb("time", "<=", p.before), eb("kind", "<>", "log")]))
    .groupBy("task_id")
    .having(sql<number>`min(seq)`, ">", p.from)
    .orderBy("first")
    .limit(pageSize),
);
const selectNotices = statement((db, p: { task: string }) =>
  db.selectFrom("notices").selectAll().where("task_id", "=", p.task).orderBy("seq"),
);

export function* listDue(windowMilliseconds: number, from: number, { clock }: Context): Program<DuePage> {
  const tasks: DueTask[] = [];
  const page = yield* all(selectDue({ before: clock() - windowMilliseconds, from }));
  for (const { task_id } of page) {
    const rows = yield* all(selectNotices({ task: task_id }));
    tasks.push({ taskId: task_id, notices: rows.map((row) => noticeOf(row, null)) });
  }
  return { tasks, next: page.length < pageSize ? null : (page.at(-1)?.first ?? null) };
}

export function noticeOf(row: NoticeRow, eventSeq: number | null): Notice {
  const { kind, attempt } = row;
  const time = isoTime(row.time);
  switch (kind) {
    case "log":
      return {
        kind,
        attempt,
        time,
        lastTime: isoTime(row.last_time),
        errors: row.errors,
        warnings: row.warnings,
        firstSequence: row.first_seq,
      };
    case "failed":
      return { ...(JSON.parse(row.data) as FailureData), kind, attempt, time, eventSeq };
    case "deadline":
      return { ...(JSON.parse(row.data) as DeadlineData), kind, time, eventSeq };
  }
}

type FailureData = Pick<Extract<Notice, { kind: "failed" }>, "reason" | "category" | "exitCode" | "message">;
type DeadlineData = Pick<Extract<Notice, { kind: "deadline" }>, "deadline">;
