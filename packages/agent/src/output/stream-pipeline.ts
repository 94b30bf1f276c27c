import { createHash } from "node:crypto";
import {
  createControlLineSplitter,
  createCutter,
  type Control,
  type ControlLineSplitter,
  type Mask,
  type StreamDigest,
  type StreamName,
} from "@keruta/shared/domain";
import type { Journal } from "./journal.ts";

/** One stream of the command: bytes → mask → control lines → cutter → journal, with a digest of what passes. */
export interface StreamPipeline {
  push(bytes: Uint8Array): void;
  /** Sends an unfinished line on: the command has paused. What may be a secret or a control stays held. */
  pause(): void;
  readonly hasUnfinishedLine: boolean;
  /** The stream has ended; a restarted command begins another one. */
  end(): void;
  digest(): StreamDigest;
}

export interface StreamPipelineDeps {
  readonly stream: StreamName;
  readonly mask: Mask;
  /** False: control lines are text like any other. */
  readonly controlLines: boolean;
  readonly journal: Journal;
  readonly onControl: (control: Control) => void;
  readonly clock: () => number;
}

export function createStreamPipeline(deps: StreamPipelineDeps): StreamPipeline {
  const { journal, clock } = deps;
  const masker = deps.mask.createMasker();
  const cutter = createCutter(deps.stream);
  const hash = createHash("sha256");
  let splitter = newSplitter(deps.controlLines);
  let bytes = 0;

  const pass = (text: Uint8Array): void => {
    if (text.length === 0) return;
    hash.update(text);
    bytes += text.length;
    const time = clock();
    for (const record of cutter.push(text)) journal.output(record, time);
  };
  const take = (pieces: ReturnType<ControlLineSplitter["push"]>): void => {
    for (const piece of pieces) {
      if (piece.kind === "bytes") pass(piece.bytes);
      else deps.onControl(piece.control);
    }
  };
  const pause = (): void => {
    const time = clock();
    for (const record of cutter.flush()) journal.output(record, time);
    journal.commit();
  };
  return {
    push(chunk) {
      take(splitter.push(masker.push(chunk)));
      journal.commit();
    },
    pause,
    get hasUnfinishedLine() {
      return cutter.pendingBytes > 0;
    },
    end() {
      take(splitter.push(masker.end()));
      take(splitter.end());
      splitter = newSplitter(deps.controlLines);
      pause();
    },
    digest: () => ({ bytes, sha256: hash.copy().digest("hex") }),
  };
}

function newSplitter(controlLines: boolean): ControlLineSplitter {
  if (controlLines) return createControlLineSplitter();
  return { push: (bytes) => [{ kind: "bytes", bytes }], end: () => [], heldBytes: 0 };
}
