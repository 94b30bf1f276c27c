/**
 * The wire format between agent and driver, made to survive a container runtime's log file.
 *
 * The runtime eats a CR before LF, splices records of over 16 KiB, cannot tell the streams apart and stamps only
 * the start of a long line (measured on containerd 1.6). So every record is at most 8,000 bytes and ends in LF.
 * A plain stdout line travels as it is. Anything else is ESC, a code, the payload, ESC, LF; the closing ESC
 * protects a CR and shows a record that was cut. ESC never stands inside a payload (a record cut there would look
 * whole): it travels as SUB `_`, and SUB as SUB `^`.
 */
export const escape = 0x1f;
export const substitute = 0x1e;
/** What follows SUB is the byte that it stands for plus this. */
export const substituteOffset = 0x40;
export const lineFeed = 0x0a;
export const carriageReturn = 0x0d;

/** Bytes of one record on the wire, its LF included. */
export const maxRecordBytes = 8000;

/**
 * A mark comes at the latest after so much of the wire. A follower holds back what no mark has confirmed yet: this bounds
 * what it holds when output is quick. With 1 MiB a log of 45 MB took it to 205 MB of memory, with 256 KiB to 144 MB, and
 * less processor time. Short records take more than their bytes, so their number counts too.
 */
export const betweenMarks = { bytes: 256 << 10, records: 8192 } as const;

export const recordCodes = {
  stdoutLine: 0x4f,
  stdoutPart: 0x6f,
  stderrLine: 0x45,
  stderrPart: 0x65,
  control: 0x43,
  mark: 0x3d,
} as const;

/** Bytes around an escaped payload: ESC, code, ESC, LF. */
export const envelopeBytes = 4;
