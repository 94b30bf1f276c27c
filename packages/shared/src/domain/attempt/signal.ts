/** Linux numbers of the signals that end processes; the same on macOS for all but BUS, USR1, USR2 and SYS. */
const signalNumbers: ReadonlyMap<string, number> = new Map(
  Object.entries({
    SIGHUP: 1,
    SIGINT: 2,
    SIGQUIT: 3,
    SIGILL: 4,
    SIGTRAP: 5,
    SIGABRT: 6,
    SIGBUS: 7,
    SIGFPE: 8,
    SIGKILL: 9,
    SIGUSR1: 10,
    SIGSEGV: 11,
    SIGUSR2: 12,
    SIGPIPE: 13,
    SIGALRM: 14,
    SIGTERM: 15,
    SIGSTKFLT: 16,
    SIGXCPU: 24,
    SIGXFSZ: 25,
    SIGVTALRM: 26,
    SIGPROF: 27,
    SIGIO: 29,
    SIGPWR: 30,
    SIGSYS: 31,
  }),
);

/** The exit code that shells, and container runtimes, give a process which a signal ended: 128 + n. */
export function exitCodeOfSignal(signal: string): number {
  return 128 + (signalNumbers.get(signal) ?? 0);
}
