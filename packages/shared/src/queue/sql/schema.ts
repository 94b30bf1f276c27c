import type { Generated, Selectable } from "kysely";
import type { Role } from "../../domain/access/role.ts";
import type { AttemptPhase } from "../../domain/attempt/attempt.ts";
import type { Category, Reason } from "../../domain/attempt/reason.ts";
import type { EventType } from "../../domain/event.ts";
import type { Notice } from "../../domain/notify/notice.ts";
import type { RunnerName } from "../../domain/task/spec.ts";
import type { TaskStatus } from "../../domain/task/status.ts";
import type { DeliveryState } from "../notify.ts";
import type { ArtifactFile, Submission } from "../queue.ts";

/** The tables, the same for every database. Times are milliseconds since 1970, flags 0 or 1, JSON is text. */
export interface Schema {
  tasks: TaskTable;
  task_search: { task_id: string; text: string };
  task_labels: { task_id: string; key: string; value: string };
  concurrency_keys: ConcurrencyKeyTable;
  attempts: AttemptTable;
  log_archives: LogArchiveTable;
  log_blocks: LogBlockTable;
  artifacts: ArtifactTable;
  settings: SettingTable;
  events: EventTable;
  chore_leases: { name: string; owner: string; holder: string; expires_at: number };
  drivers: DriverTable;
  notices: NoticeTable;
  deliveries: DeliveryTable;
  reports: ReportTable;
  tokens: TokenTable;
  users: UserTable;
  sessions: SessionTable;
  audit: AuditTable;
  meta: { key: string; value: string };
}

export interface TaskTable {
  /** Age: first in, first out within one priority. */
  seq: Generated<number>;
  id: string;
  title: string;
  description: string;
  priority: number;
  /** The priority's negative, so that one ascending index gives the order of claiming. */
  priority_rank: number;
  status: TaskStatus;
  labels: string;
  spec: string;
  created_at: number;
  updated_at: number;
  created_by: string;
  request_id: string | null;
  request_digest: string | null;
  cancel_requested_at: number | null;
  cancelled_by: string | null;
  progress_percent: number | null;
  progress_message: string;
  /** 0 where the task is due at once. */
  not_before: number;
  hold: number;
  runner: RunnerName | null;
  namespace: string | null;
  deadline: number | null;
  /** When it was found that the deadline had passed; null: it has not, or nobody has looked. */
  deadline_missed_at: number | null;
  /** Whether the task has rows in concurrency_keys: most have none, and need no look. */
  keyed: number;
  pending_since: number;
  /** Number of the latest attempt, 0 before the first. */
  last_attempt: number;
  /** Attempts made before the last `retry`: they do not count against `retry.attempts`. */
  attempt_base: number;
}

interface ConcurrencyKeyTable {
  task_id: string;
  /** As `concurrencyKeysOf` gives it, with marks for what the driver's place decides. */
  key: string;
  key_limit: number;
  /** The key with the driver's place in it while the task is IN_PROGRESS, else null: counting reads only those. */
  held_key: string | null;
}

export interface AttemptTable {
  task_id: string;
  number: number;
  token: string;
  lease_expires_at: number;
  /** `Holder` as JSON, its keys in the order of `holderText`. */
  holder: string;
  runner: RunnerName;
  driver: string;
  cluster: string | null;
  /** `ClusterContext` as JSON. */
  cluster_context: string | null;
  namespace: string | null;
  job_name: string | null;
  job_uid: string | null;
  submission: Submission;
  pod_name: string | null;
  node: string | null;
  image_id: string | null;
  phase: AttemptPhase;
  started_at: number;
  command_started_at: number | null;
  /** When the result was written; null while the attempt is open. */
  settled_at: number | null;
  finished_at: number | null;
  exit_code: number | null;
  signal: string | null;
  reason: Reason | null;
  category: Category | null;
  retryable: number | null;
  message: string;
  peak_memory_bytes: number | null;
  log_summary: string | null;
  artifact_summary: string | null;
  local_run: string | null;
}

interface LogBlockTable {
  task_id: string;
  attempt: number;
  first_seq: number;
  last_seq: number;
  first_time: number;
  last_time: number;
  /** Bit n: an entry of `levels[n]` is in it. */
  level_mask: number;
  /** Output entries that end a line. */
  lines: number;
  /** Bytes of each stream before this block and after it. */
  stdout_start: number;
  stdout_end: number;
  stderr_start: number;
  stderr_end: number;
  /** Streams that were in the middle of a line at the block's start: 1 stdout, 2 stderr. */
  open_lines: number;
  /** Of the frames before compression. */
  raw_bytes: number;
  /** Where `data` lies instead; all three or none. */
  archive: string | null;
  archive_offset: number | null;
  archive_bytes: number | null;
  /** Frames (`domain/log/frame.ts`), compressed with zstd and with its checksum; null where archived. */
  data: Uint8Array | null;
}

interface LogArchiveTable {
  id: string;
  location: string;
  object_key: string;
  /** Of the object; null until it was verified. */
  bytes: number | null;
  announced_at: number;
  /** 1: nothing may point to it any more. */
  removing: number;
}

export interface ArtifactTable {
  task_id: string;
  attempt: number;
  path: string;
  bytes: number;
  sha256: string | null;
  skipped: ArtifactFile["skipped"];
}

interface SettingTable {
  key: string;
  value: string;
  updated_at: number;
  updated_by: string;
}

export interface EventTable {
  seq: Generated<number>;
  time: number;
  task_id: string;
  attempt: number | null;
  type: EventType;
  data: string;
}

interface DriverTable {
  holder: string;
  alive_until: number;
}

/** What is to be told of a task: gone as soon as there are deliveries that tell it. */
interface NoticeTable {
  seq: Generated<number>;
  task_id: string;
  /** 0 where it is of the task. */
  attempt: number;
  kind: Notice["kind"];
  time: number;
  last_time: number;
  /** Of a log: records since the row was made; 0 otherwise. */
  errors: number;
  warnings: number;
  first_seq: number;
  /** The facts of other kinds, as JSON. */
  data: string;
}

export interface DeliveryTable {
  seq: Generated<number>;
  id: string;
  channel: string;
  state: DeliveryState;
  /** `NotifyMessage` as JSON. */
  message: string;
  tries: number;
  next_try_at: number;
  /** Who sends it now; until then nobody else does. */
  lease: string | null;
  lease_until: number;
  created_at: number;
  ended_at: number | null;
  /** `Text` as JSON. */
  detail: string | null;
  digest_id: string | null;
  /** A JSON array. */
  recipients: string | null;
}

/** What an agent said of its attempt. */
interface ReportTable {
  task_id: string;
  attempt: number;
  heard_at: number;
  started_at: number | null;
  /** Of the log entry that told the last progress. */
  progress_sequence: number;
  /** `AgentReport` as JSON: written once. */
  result: string | null;
  /** `ArtifactSummary` as JSON of what the agent uploaded: written once. */
  artifacts: string | null;
}

export interface TokenTable {
  id: string;
  digest: string;
  name: string;
  role: Role;
  /** A JSON array; null: all. */
  namespaces: string | null;
  expires_at: number | null;
  /** Of an agent's token: the attempt that it was made for. */
  task_id: string | null;
  attempt: number | null;
  created_at: number;
  created_by: string;
  last_used_at: number | null;
}

export interface UserTable {
  name: string;
  role: Role;
  namespaces: string | null;
  password_hash: string;
  /** Wrong passwords since the last right one. */
  failures: number;
  locked_until: number | null;
  created_at: number;
  last_login_at: number | null;
}

interface SessionTable {
  digest: string;
  user_name: string;
  created_at: number;
  expires_at: number;
}

export interface AuditTable {
  seq: Generated<number>;
  time: number;
  who: string;
  action: string;
  target: string;
  /** A JSON object. */
  details: string;
  address: string | null;
  request_id: string | null;
}

export type TaskRow = Selectable<TaskTable>;
export type AttemptRow = Selectable<AttemptTable>;
export type ReportRow = Selectable<ReportTable>;
export type EventRow = Selectable<EventTable>;
export type NoticeRow = Selectable<NoticeTable>;
export type DeliveryRow = Selectable<DeliveryTable>;
export type LogBlockRow = Selectable<LogBlockTable>;
