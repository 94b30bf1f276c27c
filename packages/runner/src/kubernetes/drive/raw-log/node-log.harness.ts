import { KerutaError, type LogEntry, type LogSummary } from "@keruta/shared/domain";
import type { LogOptions } from "../../../cluster/cluster.ts";
import type { Pod } from "../../../cluster/objects.ts";
import { closeLog } from "../../../follow/complete-log.ts";
import { bytesOf, memoryLog } from "../../../follow/follow.harness.ts";
import { keeperOf, newWorld } from "../../../follow/log-keeper.harness.ts";
import type { Connection as ClusterConnection } from "../../access/connection/connection.ts";
import { readLog } from "../../access/read-log.ts";
import { followRawLog } from "../follow-raw-log.ts";
import { abortOf, timeOfWaits } from "../waits.harness.ts";

/** As a container runtime writes it into its file: a whole line, or a part of one. */
export interface NodeRecord {
  readonly stamp: string;
  readonly text: string;
  readonly isPart: boolean;
}

export const millisecond = 1_000_000n;
export const start = Date.parse("2026-01-01T00:00:00.500Z");

/** As kubelets stamp: nine digits, in the node's zone. */
export function stampAt(nanoseconds: bigint, zone = "Z"): string {
  const minutes = zone === "Z" ? 0 : minutesOf(zone);
  const local = nanoseconds + BigInt(minutes) * 60_000_000_000n;
  const second = new Date(Number(local / 1_000_000_000n) * 1000).toISOString().slice(0, 19);
  return `${second}.${String(local % 1_000_000_000n).padStart(9, "0")}${zone}`;
}

function minutesOf(zone: string): number {
  const [hours = 0, minutes = 0] = zone.slice(1).split(":").map(Number);
  return (hours * 60 + minutes) * (zone.startsWith("-") ? -1 : 1);
}

/** As a kubelet answers: each record is left out or not, and a stamp stands where a line begins. */
export function answerOf(records: readonly NodeRecord[], sinceTime = ""): Buffer {
  const since = sinceTime === "" ? Number.NEGATIVE_INFINITY : Date.parse(sinceTime);
  let answer = "";
  let isNewLine = true;
  for (const { stamp, text, isPart } of records) {
    const content = isPart ? text : `${text}\n`;
    if (Date.parse(stamp) >= since) answer += `${isNewLine ? `${stamp} ` : ""}${content}`;
    isNewLine = content === "" || content.endsWith("\n");
  }
  return Buffer.from(answer);
}

export const textOf = (records: readonly NodeRecord[]): string =>
  records.map(({ text, isPart }) => (isPart ? text : `${text}\n`)).join("");

export interface Connection {
  /** Records that are there by then, and how many of them the node has rotated away. */
  readonly written: number;
  readonly rotated?: number;
  /** Bytes that come of it. */
  readonly cutAt: number;
  readonly end: "cut" | "closed" | "driver-killed" | "silent";
}

export interface Following {
  readonly records: readonly NodeRecord[];
  readonly connections: readonly Connection[];
  /** Of the file that is read at the end. */
  readonly rotated?: number;
  readonly chunk: number;
  readonly wholeBytes: number;
  readonly dropDebug?: boolean;
  /** What the node says after the end, one after the other, before it gives its file; the last one for ever. */
  readonly refusals?: readonly KerutaError[];
  readonly refusesForEver?: boolean;
}

export interface Followed {
  readonly stored: readonly LogEntry[];
  readonly text: string;
  readonly summary: LogSummary;
  /** What the node was asked for. */
  readonly sinceTimes: readonly string[];
  readonly notices: number;
}

const cut = new KerutaError("KRT_CLUSTER_CUT", { en: "cut", ja: "" });
const killed = new Error("killed");

/** Follows to the end, by as many drivers as it takes. */
export async function followNode(given: Following): Promise<Followed> {
  const { records, connections, chunk, wholeBytes, dropDebug, refusals = [] } = given;
  let [refused, notices] = [0, 0];
  const queue = memoryLog();
  const ended = new AbortController();
  const sinceTimes: string[] = [];
  let at = 0;
  const node = {
    async *open({ sinceTime, follow }: Partial<LogOptions>, signal: AbortSignal) {
      const refusal = follow ? undefined : refusals[refused];
      if (refusal) {
        refused = given.refusesForEver ? refused : refused + 1;
        throw refusal;
      }
      if (sinceTime !== undefined) sinceTimes.push(sinceTime);
      const connection = follow ? connections[at] : undefined;
      at += 1;
      const last = { written: records.length, rotated: given.rotated ?? 0 };
      const { written, rotated = 0 } = connection ?? last;
      const part = answerOf(records.slice(rotated, written), sinceTime).subarray(0, connection?.cutAt);
      for (let from = 0; from < part.length; from += chunk)
        yield await Promise.resolve(part.subarray(from, from + chunk));
      if (at >= connections.length) ended.abort();
      if (connection?.end === "cut") throw cut;
      if (connection?.end === "silent") await abortOf(signal);
      if (connection?.end === "driver-killed") throw killed;
    },
  };
  const api = {
    route: { server: "https://cluster" },
    open: ({ query, signal }: { readonly query: Partial<LogOptions>; readonly signal: AbortSignal }) =>
      Promise.resolve(node.open(query, signal)),
  } as unknown as ClusterConnection;
  const pod: Pod = { metadata: { name: "keruta-a-1-x", uid: "p" } };
  const cluster = {
    getPod: () => Promise.resolve(pod),
    readLog: (options: LogOptions, signal?: AbortSignal) => readLog(api, "/pods/p", options, signal),
  };
  if (connections.length === 0) ended.abort();
  for (;;) {
    const time = timeOfWaits(start);
    const deps = { ...time, queue, cluster, observer: { notice: () => (notices += 1) } };
    const log = await keeperOf(queue, newWorld(), dropDebug);
    try {
      const isWhole = await followRawLog(
        deps as unknown as Parameters<typeof followRawLog>[0],
        {
          pod,
          lease: { taskId: "k7m2xqaf4t", attempt: 1, token: "t" },
          log,
          containerEnded: ended.signal,
          stop: new AbortController().signal,
        },
        wholeBytes,
      );
      const summary = await closeLog(log, isWhole);
      return {
        stored: queue.entries,
        text: bytesOf(queue.entries, "stdout").toString(),
        summary,
        sinceTimes,
        notices,
      };
    } catch (error) {
      if (error !== killed) throw error;
    }
  }
}
