import type { ArtifactStatus } from "@keruta/shared/domain";
import type { ArtifactFile } from "@keruta/shared/queue";
import { unlessAborted, type ArtifactStream } from "./artifact-stream.ts";
import { failureMessage } from "./failure-message.ts";
import type { ArtifactLimits } from "./limits.ts";
import { createPartDirectory } from "./part-directory.ts";
import { receiveWhole, type MayAskAgain, type OpenArtifacts, type ReceiveProgress } from "./receive-whole.ts";
import { removePartsOf } from "./remove-parts.ts";
import { summarise } from "./summarise.ts";
import { verify } from "./verify.ts";

export interface ReceiveArtifacts {
  readonly open: OpenArtifacts;
  /** Where they will be: `<store>/<task id>/<attempt>`. Its parent is the task's own, and goes where it stays empty. */
  readonly directory: string;
  /** The uid of the queue whose task it is. */
  readonly owner: string;
  readonly limits: ArtifactLimits;
  readonly random: (bytes: number) => Uint8Array;
  /** The bound in time is the caller's. */
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: ReceiveProgress) => void;
  /** Runs in a row that bring nothing; 5 unless said, within which a connection comes back that does. */
  readonly fruitlessRuns?: number;
  readonly mayAskAgain?: MayAskAgain | undefined;
  /** A run that was cut brought something new. */
  readonly onBrought?: (() => void) | undefined;
}

const usualFruitlessRuns = 5;

export interface ReceivedArtifacts {
  readonly status: ArtifactStatus;
  /** Empty where `Failed`: then nothing is visible but what was there before. */
  readonly files: readonly ArtifactFile[];
  readonly bytes: number;
  readonly message: string;
  /** Where `Failed`: because another collection of the same attempt has begun, so that this one says nothing of it. */
  readonly isDisplaced: boolean;
  /** False where the sender could not be told any more; what is stored is whole all the same. */
  readonly acknowledged: boolean;
}

/**
 * Takes the artifacts of one attempt: into a private directory, verified, made durable, renamed, acknowledged. A
 * cut stream goes on where it was cut. The caller holds the attempt's lease, so that what an earlier
 * driver left half-done here is nobody's. What the sender, the limits, the disk or the signal refuse is a value.
 */
export async function receiveArtifacts(options: ReceiveArtifacts): Promise<ReceivedArtifacts> {
  const {
    directory,
    owner,
    limits,
    random,
    signal,
    onProgress,
    fruitlessRuns = usualFruitlessRuns,
  } = options;
  const { open, mayAskAgain, onBrought } = options;
  let stream: ArtifactStream | undefined;
  let part: Awaited<ReturnType<typeof createPartDirectory>> | undefined;
  try {
    await removePartsOf(directory);
    part = await createPartDirectory({ directory, owner, random });
    const run = { signal, onProgress, fruitlessRuns, mayAskAgain, onBrought };
    const whole = await receiveWhole({ open, part, limits, ...run });
    ({ stream } = whole);
    const { files, dropped } = verify(whole.files, whole.trailer);
    for (const path of dropped) await part.removeFile(path);
    const summary = summarise(files, whole.trailer);
    await part.publish();
    const acknowledged = await acknowledge(stream, signal);
    return { ...summary, files, isDisplaced: false, acknowledged };
  } catch (error) {
    const message = failureMessage(error, directory, signal);
    if (message === undefined) throw error;
    const isDisplaced = !signal.aborted && part !== undefined && !(await part.isThere());
    return { status: "Failed", files: [], bytes: 0, message, isDisplaced, acknowledged: false };
  } finally {
    await stream?.close();
    await part?.remove();
  }
}

async function acknowledge(stream: ArtifactStream, signal: AbortSignal): Promise<boolean> {
  try {
    await unlessAborted(signal, () => stream.acknowledge());
    return true;
  } catch {
    return false;
  }
}
