/**
 * Where a test lets the process die, between the writes that matter. Whatever happens there, the next process
 * finds a state that it can go on from.
 */
export const crashPoints = [
  { name: "create:before-commit", at: "the tables are written, the new database is not committed" },
  { name: "create:after-commit", at: "the database exists, nobody has used it" },
  { name: "add:task-written", at: "the task's row is written, its labels and event are not" },
  { name: "add:before-commit", at: "the task is written, the caller has no id" },
  { name: "add:after-commit", at: "the task is queued, the caller was not told" },
  { name: "claim:task-taken", at: "the task is IN_PROGRESS, its attempt is not written" },
  { name: "claim:before-commit", at: "the attempt is written and not committed" },
  { name: "claim:after-commit", at: "the attempt is leased, its driver never learns" },
  { name: "record:before-commit", at: "what became known of the attempt is not committed" },
  { name: "record:after-commit", at: "it is stored, the driver was not told" },
  { name: "log:block-written", at: "the first of the new blocks is written, the rest is not" },
  { name: "log:before-commit", at: "all blocks are written and not committed" },
  { name: "log:after-commit", at: "the entries are stored, the driver was not told" },
  { name: "archive:before-commit", at: "blocks of a log point to a verified object, not committed" },
  { name: "archive:after-commit", at: "the blocks are archived, the caller was not told" },
  { name: "artifacts:before-commit", at: "the list of artifacts is written and not committed" },
  { name: "artifacts:after-commit", at: "the list is stored, the driver was not told" },
  { name: "settle:result-written", at: "the attempt has its result, the task its old status" },
  { name: "settle:before-commit", at: "result and status are written and not committed" },
  { name: "settle:after-commit", at: "the attempt is settled, its driver was not told" },
  { name: "release:before-commit", at: "the hand-back is not committed" },
  { name: "release:after-commit", at: "the attempt is handed back, the driver was not told" },
  { name: "cancel:before-commit", at: "the cancel is not committed" },
  { name: "cancel:after-commit", at: "the cancel is stored, the caller was not told" },
  { name: "retry:before-commit", at: "the retry is not committed" },
  { name: "retry:after-commit", at: "the task is PENDING again, the caller was not told" },
  { name: "notify:before-commit", at: "notices have become deliveries, not committed" },
  { name: "notify:after-commit", at: "the deliveries are stored, nothing is sent" },
  { name: "restore:verified", at: "the copy is verified, the old database is in its place" },
  { name: "restore:renamed", at: "the copy is in its place" },
] as const;

export type CrashPoint = (typeof crashPoints)[number]["name"];
