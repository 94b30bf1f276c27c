/** Which process holds a lease, told so exactly that another one on the same machine can prove it dead. */
export interface Holder {
  readonly host: string;
  readonly user: string;
  readonly pid: number;
  /** Tells machines and boots apart. Empty where it cannot be told. */
  readonly bootId: string;
  /** Pids of another PID namespace mean nothing here: such a holder is judged by time only. */
  readonly pidNamespace: string;
  /** When the process started, in the operating system's own units: a pid that was given again has another. */
  readonly startTime: string;
}

/** `user@host:pid`, for people. */
export function holderName(holder: Holder): string {
  return `${holder.user}@${holder.host}:${String(holder.pid)}`;
}

/** What the process table says of a pid: its start time, undefined where there is no such process. */
export interface ProcessTable {
  readonly self: Holder;
  startTimeOf(pid: number): string | undefined;
}

/**
 * True only where it is certain: same boot, same PID namespace, and the pid is gone or another process's.
 * Anything else is judged by the lease's time.
 */
export function isProvablyDead(holder: Holder, processes: ProcessTable): boolean {
  const { self } = processes;
  if (holder.bootId === "" || holder.bootId !== self.bootId) return false;
  if (holder.pidNamespace === "" || holder.pidNamespace !== self.pidNamespace) return false;
  return processes.startTimeOf(holder.pid) !== holder.startTime;
}
