/** Words that differ in the tables' definitions. */
export interface ColumnTypes {
  /** A key that rises and is never given again. */
  readonly serial: string;
  /** The same where the newest row is never removed. */
  readonly rising: string;
  /** At least 53 bits. */
  readonly integer: string;
  readonly bytes: string;
  /** Compared byte by byte, whatever the language of the database. */
  readonly text: string;
  /** After a table whose rows lie in the order of the primary key. */
  readonly clustered: string;
}

export interface Migration {
  readonly version: number;
  readonly statements: (types: ColumnTypes) => readonly string[];
}

/** Forward only: a step that was published is never edited, a new one is added at the end. */
export const migrations: readonly Migration[] = [{ version: 1, statements: firstTables }];

export const schemaVersion = migrations.length;

function firstTables({ serial, rising, integer, bytes, text, clustered }: ColumnTypes): readonly string[] {
  return [
    `create table meta (key ${text} primary key, value ${text} not null)`,
    `create table tasks (
      seq ${serial}, id ${text} not null unique, title ${text} not null, description ${text} not null,
      priority ${integer} not null, priority_rank ${integer} not null, status ${text} not null,
      labels ${text} not null, spec ${text} not null,
      created_at ${integer} not null, updated_at ${integer} not null, created_by ${text} not null,
      request_id ${text} unique, request_digest ${text},
      cancel_requested_at ${integer}, cancelled_by ${text},
      progress_percent double precision, progress_message ${text} not null,
      not_before ${integer} not null, hold ${integer} not null, runner ${text}, namespace ${text},
      deadline ${integer}, deadline_missed_at ${integer}, keyed ${integer} not null, pending_since ${integer} not null,
      last_attempt ${integer} not null, attempt_base ${integer} not null,
      check (status in ('PENDING', 'IN_PROGRESS', 'COMPLETED', 'FAILED', 'CANCELLED')))`,
    // The order of claiming; the later columns spare a look at the row of a task that may not run.
    `create index tasks_claim on tasks (hold, priority_rank, seq, not_before, runner, keyed, id)
      where status = 'PENDING'`,
    // The same order within one namespace, for claims that are bound to some.
    `create index tasks_claim_namespace on tasks (namespace, hold, priority_rank, seq, not_before, runner, keyed, id)
      where status = 'PENDING'`,
    // Not the many: a list of those is found by age, and each index is one more page that a claim writes.
    `create index tasks_status on tasks (status, seq) where status in ('IN_PROGRESS', 'FAILED', 'CANCELLED')`,
    `create table task_search (task_id ${text} primary key references tasks (id) on delete cascade, text ${text} not null)`,
    `create table task_labels (
      task_id ${text} not null references tasks (id) on delete cascade, key ${text} not null, value ${text} not null,
      primary key (task_id, key))`,
    `create index task_labels_value on task_labels (key, value)`,
    `create table concurrency_keys (
      task_id ${text} not null references tasks (id) on delete cascade, key ${text} not null,
      key_limit ${integer} not null check (key_limit > 0), held_key ${text},
      primary key (task_id, key))`,
    `create index concurrency_keys_key on concurrency_keys (key)`,
    `create index concurrency_keys_held on concurrency_keys (held_key) where held_key is not null`,
    `create table attempts (
      task_id ${text} not null references tasks (id) on delete cascade, number ${integer} not null,
      token ${text} not null, lease_expires_at ${integer} not null, holder ${text} not null,
      runner ${text} not null, driver ${text} not null, cluster ${text}, cluster_context ${text}, namespace ${text},
      job_name ${text}, job_uid ${text}, submission ${text} not null, pod_name ${text}, node ${text}, image_id ${text},
      phase ${text} not null, started_at ${integer} not null, command_started_at ${integer},
      settled_at ${integer}, finished_at ${integer}, exit_code ${integer}, signal ${text}, reason ${text},
      category ${text}, retryable ${integer}, message ${text} not null, peak_memory_bytes ${integer},
      log_summary ${text}, artifact_summary ${text}, local_run ${text},
      primary key (task_id, number),
      check ((settled_at is null) = (reason is null)))${clustered}`,
    // The few that are leased, and at most one of a task, whatever the programs do.
    `create unique index attempts_open on attempts (task_id) where settled_at is null`,
    // Outlives the rows that point to it: the object that it stands for has to be removed first.
    `create table log_archives (
      id ${text} primary key, location ${text} not null, object_key ${text} not null, bytes ${integer},
      announced_at ${integer} not null, removing ${integer} not null)`,
    `create table log_blocks (
      task_id ${text} not null, attempt ${integer} not null,
      first_seq ${integer} not null, last_seq ${integer} not null,
      first_time double precision not null, last_time double precision not null,
      level_mask ${integer} not null, lines ${integer} not null,
      stdout_start ${integer} not null, stdout_end ${integer} not null,
      stderr_start ${integer} not null, stderr_end ${integer} not null,
      open_lines ${integer} not null, raw_bytes ${integer} not null,
      archive ${text} references log_archives (id), archive_offset ${integer}, archive_bytes ${integer}, data ${bytes},
      check ((archive is null) = (data is not null)),
      primary key (task_id, attempt, first_seq),
      foreign key (task_id, attempt) references attempts (task_id, number) on delete cascade)`,
    `create unique index log_blocks_last on log_blocks (task_id, attempt, last_seq)`,
    `create index log_blocks_archive on log_blocks (archive) where archive is not null`,
    `create table artifacts (
      task_id ${text} not null, attempt ${integer} not null, path ${text} not null, bytes ${integer} not null,
      sha256 ${text}, skipped ${text},
      foreign key (task_id, attempt) references attempts (task_id, number) on delete cascade)`,
    // The path's beginning: the whole may be longer than PostgreSQL's indexes take.
    `create index artifacts_path on artifacts (task_id, attempt, substr(path, 1, 200))`,
    `create table reports (
      task_id ${text} not null, attempt ${integer} not null, heard_at ${integer} not null, started_at ${integer},
      progress_sequence ${integer} not null, result ${text}, artifacts ${text},
      primary key (task_id, attempt),
      foreign key (task_id, attempt) references attempts (task_id, number) on delete cascade)`,
    `create table settings (
      key ${text} primary key, value ${text} not null, updated_at ${integer} not null, updated_by ${text} not null)`,
    `create table events (
      seq ${rising}, time ${integer} not null, task_id ${text} not null,
      attempt ${integer}, type ${text} not null, data ${text} not null)`,
    `create index events_task on events (task_id, seq)`,
    `create table chore_leases (
      name ${text} primary key, owner ${text} not null, holder ${text} not null, expires_at ${integer} not null)`,
    `create table drivers (holder ${text} primary key, alive_until ${integer} not null)`,
    ...notifyTables({ serial, rising, integer, bytes, text, clustered }),
    ...accountTables({ serial, rising, integer, bytes, text, clustered }),
  ];
}

function notifyTables({ serial, integer, text }: ColumnTypes): readonly string[] {
  return [
    // The few whose deadline may still be missed.
    `create index tasks_deadline on tasks (deadline)
      where deadline is not null and deadline_missed_at is null and status in ('PENDING', 'IN_PROGRESS')`,
    // Without a reference to the task: what failed is told also where the task is deleted at once.
    `create table notices (
      seq ${serial}, task_id ${text} not null, attempt ${integer} not null, kind ${text} not null,
      time ${integer} not null, last_time ${integer} not null, errors ${integer} not null,
      warnings ${integer} not null, first_seq ${integer} not null, data ${text} not null)`,
    `create unique index notices_of on notices (task_id, attempt, kind)`,
    `create table deliveries (
      seq ${serial}, id ${text} not null unique, channel ${text} not null, state ${text} not null,
      message ${text} not null, tries ${integer} not null, next_try_at ${integer} not null,
      lease ${text}, lease_until ${integer} not null, created_at ${integer} not null, ended_at ${integer},
      detail ${text}, digest_id ${text}, recipients ${text},
      check (state in ('waiting', 'sent', 'failed', 'digested')), check ((state = 'waiting') = (ended_at is null)))`,
    `create index deliveries_waiting on deliveries (channel, seq) where state = 'waiting'`,
    `create index deliveries_sent on deliveries (channel, ended_at) where state = 'sent'`,
    `create index deliveries_ended on deliveries (ended_at)`,
  ];
}

function accountTables({ rising, integer, text }: ColumnTypes): readonly string[] {
  return [
    `create table tokens (
      id ${text} primary key, digest ${text} not null unique, name ${text} not null, role ${text} not null,
      namespaces ${text}, expires_at ${integer}, task_id ${text}, attempt ${integer},
      created_at ${integer} not null, created_by ${text} not null, last_used_at ${integer})`,
    `create index tokens_attempt on tokens (task_id, attempt) where task_id is not null`,
    `create table users (
      name ${text} primary key, role ${text} not null, namespaces ${text}, password_hash ${text} not null,
      failures ${integer} not null, locked_until ${integer}, created_at ${integer} not null, last_login_at ${integer})`,
    `create table sessions (
      digest ${text} primary key, user_name ${text} not null references users (name) on delete cascade,
      created_at ${integer} not null, expires_at ${integer} not null)`,
    `create index sessions_user on sessions (user_name)`,
    `create table audit (
      seq ${rising}, time ${integer} not null, who ${text} not null, action ${text} not null,
      target ${text} not null, details ${text} not null, address ${text}, request_id ${text})`,
  ];
}
