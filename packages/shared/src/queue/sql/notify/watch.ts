import { sql } from "kysely";
import type { NoticeWatch } from "../../../domain/notify/notice.ts";
import { run, statement, type Program } from "../program.ts";

/** Rows of `meta` that writers look at: a kind of notice that has none is not noted. */
export const watchKeys = { log: "notify:log", failed: "notify:failed", deadline: "notify:deadline" } as const;

const upsert = statement((db, p: { key: string; value: string }) =>
  db
    .insertInto("meta")
    .values({ key: p.key, value: p.value })
    .onConflict((conflict) =>
      conflict
        .column("key")
        .doUpdateSet({ value: sql<string>`excluded.value` })
        // Nothing is written where it is so already: idle servers would wake each other for ever.
        .where(sql<boolean>`meta.value <> excluded.value`),
    ),
);
const remove = statement((db, p: { key: string }) => db.deleteFrom("meta").where("key", "=", p.key));

export function* setWatch({ log, failed, deadline }: NoticeWatch): Program<void> {
  const values = [
    [watchKeys.deadline, deadline ? "on" : null],
    [watchKeys.failed, failed ? "on" : null],
    [watchKeys.log, log],
  ] as const;
  for (const [key, value] of values) yield* run(value === null ? remove({ key }) : upsert({ key, value }));
}
