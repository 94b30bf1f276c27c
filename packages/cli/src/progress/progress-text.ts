import { describeBytes } from "@keruta/shared/domain";
import type { Context } from "../context/context.ts";

export interface ProgressOfBytes {
  readonly bytes: number;
  /** null where it is not known. */
  readonly expectedBytes: number | null;
  /** Milliseconds since 1970. */
  readonly since: number;
}

const barWidth = 20;
/** A rate over less says nothing yet. */
const soonestRate = 1000;

/** `artifacts [#########-----------] 45% 1.2 GiB of 2.6 GiB, 51 MiB/s`. */
export function progressText(
  { translate, clock }: Pick<Context, "translate" | "clock">,
  progress: ProgressOfBytes,
): string {
  const { bytes, expectedBytes, since } = progress;
  const words = translate({ en: "artifacts", ja: "成果物" });
  const milliseconds = clock() - since;
  const rate =
    milliseconds < soonestRate ? "" : `, ${describeBytes(Math.round((bytes * 1000) / milliseconds))}/s`;
  if (expectedBytes === null || expectedBytes < bytes) return `${words} ${describeBytes(bytes)}${rate}`;
  const part = expectedBytes === 0 ? 1 : bytes / expectedBytes;
  const filled = Math.round(part * barWidth);
  const bar = "#".repeat(filled) + "-".repeat(barWidth - filled);
  const percent = String(Math.floor(part * 100));
  return `${words} [${bar}] ${percent}% ${describeBytes(bytes)} / ${describeBytes(expectedBytes)}${rate}`;
}
