import type { AttemptObserver } from "@keruta/runner/stages";
import type { KerutaError, Text } from "@keruta/shared/domain";
import type { Claim, Queue } from "@keruta/shared/queue";
import type { Context } from "../context/context.ts";
import type { ClusterConnection } from "./connect-cluster.ts";
import { driveAttempt } from "./drive-attempt.ts";
import type { ShownLog } from "./shown-log.ts";
import { sweepOnce } from "./sweep-once.ts";
import type { Watcher } from "./watcher.ts";

export interface DriveClaimOptions {
  readonly context: Context;
  readonly queue: Queue;
  readonly watcher: Watcher;
  /** null where only local attempts can be claimed. */
  readonly connection: ClusterConnection | null;
}

/** What the person in front of this command wants of the attempt that it drives. */
export interface DriveSignals {
  readonly cancel: AbortSignal;
  readonly detach: AbortSignal;
}

export type DriveClaim = (claim: Claim, log: ShownLog, signals: DriveSignals) => Promise<void>;

/** Drives attempts before a person's eyes. */
export function claimDriver({ context, queue, watcher, connection }: DriveClaimOptions): DriveClaim {
  const sweep = sweepOnce(context, queue);
  return async (claim, log, signals) => {
    const observer: AttemptObserver = {
      phase: (phase) => {
        watcher.phase(phase);
      },
      entries: (entries) => log.show(claim.task, entries),
      notice: (text) => {
        watcher.notice(text);
      },
      outage: (error) => {
        watcher.notice(error === null ? answersAgain : waitsFor(error));
      },
      artifacts: (progress) => {
        watcher.artifacts(progress);
      },
    };
    if (claim.attempt.runner === "local") await sweep(observer);
    await driveAttempt({ context, queue, connection, observer, ...signals }, claim);
  };
}

const answersAgain: Text = { en: "the cluster answers again", ja: "クラスターが再び応答しています" };

function waitsFor({ text }: KerutaError): Text {
  return {
    en: `the cluster does not answer, trying again (what runs there runs on): ${text.en}`,
    ja: `クラスターが応答しないため再試行しています（実行中のものは続いています）: ${text.ja}`,
  };
}
