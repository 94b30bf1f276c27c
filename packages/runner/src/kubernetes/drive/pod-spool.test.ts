import { KerutaError, encodeFrame, finalSpoolEnd, spoolEnd, type LogEntry } from "@keruta/shared/domain";
import { expect, test } from "vitest";
import type { Cluster } from "../../cluster/cluster.ts";
import type { Pod } from "../../cluster/objects.ts";
import { readPatiently, sidecarPatience } from "./patience.ts";
import { podSpoolReader } from "./pod-spool.ts";
import { abortOf, timeOfWaits } from "./waits.harness.ts";

const words = { en: "said the cluster", ja: "クラスターより" };
const cut = () => new KerutaError("KRT_CLUSTER_CUT", words);
const away = () => new KerutaError("KRT_CLUSTER_REFUSED", words, { details: { status: 500 } });
const notFound = () => new KerutaError("KRT_CLUSTER_REFUSED", words, { details: { status: 404 } });

const entry = (sequence: number): LogEntry => ({
  kind: "output",
  sequence,
  time: 0,
  stream: "stdout",
  level: "INFO",
  bytes: Buffer.from(`line ${String(sequence)}`),
  newline: true,
});

/** How one exec goes: it fails to start, or sends what is after `--from`, up to so many bytes, and then its code. */
type Run = KerutaError | { readonly bytes?: number; readonly end?: KerutaError | number | "silent" };
const whole: Run = {};

/** A real cluster cuts a stream and calls it a success only now and then. */
async function read(
  runs: readonly Run[],
  { entries = 5, sidecarEnds = Infinity }: { entries?: number; sidecarEnds?: number } = {},
) {
  const time = timeOfWaits();
  let made = 0;
  const notices: number[] = [];
  const exec = ({ command }: { readonly command: readonly string[] }, signal: AbortSignal) => {
    const run = runs[made];
    made += 1;
    if (!run || run instanceof KerutaError) return Promise.reject(run ?? new Error("one run too many"));
    const from = Number(command.at(-1));
    const frames = Array.from({ length: entries - from }, (_, index) => encodeFrame(entry(from + index + 1)));
    const all = Buffer.concat([...frames, spoolEnd]).subarray(0, run.bytes);
    const { end = 0 } = run;
    async function* stdout() {
      for (let at = 0; at < all.length; at += 7) yield all.subarray(at, at + 7);
      if (end instanceof KerutaError) throw end;
      if (end === "silent") await abortOf(signal);
    }
    return Promise.resolve({
      stdout: stdout(),
      stderr: () => (end === 1 ? "damaged after byte 9" : ""),
      exitCode: Promise.resolve(end),
    });
  };
  const pod = (): Pod => ({
    metadata: { name: "p", uid: "u" },
    status: { phase: time.clock() >= sidecarEnds ? "Succeeded" : "Running" },
  });
  const deps = {
    ...time,
    observer: { notice: () => notices.push(time.clock()) },
    cluster: { exec, getPod: () => Promise.resolve(pod()) },
  } as unknown as Parameters<typeof sidecarPatience>[0] & { readonly cluster: Cluster };
  const sequences: number[] = [];
  let failure: unknown;
  try {
    const { signal } = new AbortController();
    const reader = podSpoolReader(deps, "p", signal);
    for await (const batch of readPatiently(sidecarPatience(deps, pod(), signal), reader)(0))
      sequences.push(...batch.map(({ sequence }) => sequence));
  } catch (error) {
    failure = error;
  }
  return { sequences, failure, runs: made, seconds: time.clock() / 1000, notices: notices.length };
}

const frameBytes = encodeFrame(entry(1)).length;
const all = [1, 2, 3, 4, 5];

test.each([
  ["at once", [whole]],
  [
    "again from where it was cut, though the cut was called a success",
    [{ bytes: 2 * frameBytes + 3 }, whole],
  ],
  ["again where only its end was cut off", [{ bytes: 5 * frameBytes }, whole]],
  ["again where the connection broke", [{ bytes: frameBytes, end: cut() }, whole]],
  ["when the cluster is there again", [cut(), away(), away(), cut(), whole]],
  ["again where its sender was killed, and started again", [{ bytes: frameBytes, end: 137 }, away(), whole]],
  [
    "again where nothing came any more",
    [{ bytes: 2 * frameBytes, end: "silent" }, { bytes: 0, end: "silent" }, whole],
  ],
  [
    "over many cuts, as long as each brings something",
    [...Array.from({ length: 4 }, () => [{ bytes: frameBytes }, { bytes: 3 }]).flat(), whole],
  ],
] as const)("a spool comes whole, each entry once: %s", async (_, runs) => {
  const result = await read(runs);
  expect(result).toMatchObject({ sequences: all, failure: undefined, runs: runs.length });
});

test("a spool that is cut again and again with nothing new is given up", async () => {
  const result = await read(Array.from({ length: 1000 }, () => ({ bytes: frameBytes - 1 })));
  expect(result).toMatchObject({
    sequences: [],
    failure: { code: "KRT_CLUSTER_CUT" },
    seconds: expect.closeTo(300, -1) as number,
  });
});

test("a damaged spool gives what its sender could send, and its words", async () => {
  const nothing = Array.from({ length: 1000 }, () => ({ bytes: 0, end: 1 }));
  const result = await read([{ bytes: 2 * frameBytes, end: 1 }, ...nothing]);
  expect(result).toMatchObject({ sequences: [1, 2], failure: { code: "KRT_CLUSTER_REFUSED" } });
  expect((result.failure as Error).message).toContain("damaged after byte 9");
});

test("a Pod that is gone is not waited for", async () => {
  expect(await read([notFound()], { sidecarEnds: 0 })).toMatchObject({
    failure: { details: { status: 404 } },
    runs: 1,
  });
});

test("a cluster that is away is waited for no longer than the sidecar stays", async () => {
  const forever = Array.from({ length: 1000 }, cut);
  const ended = await read(forever, { sidecarEnds: 20_000 });
  expect([ended.failure, ended.seconds]).toEqual([cut(), expect.closeTo(20, -1)]);
  const never = await read(forever);
  expect([never.failure, never.seconds, never.notices]).toEqual([cut(), expect.closeTo(300, -1), 1]);
  const refusing = await read(Array.from({ length: 1000 }, away));
  expect([refusing.failure, refusing.seconds]).toEqual([away(), expect.closeTo(60, -1)]);
});

test("a spool that is full says so, and is not read again for what it does not have", async () => {
  const froms: string[] = [];
  const cluster = {
    exec: ({ command }: { readonly command: readonly string[] }) => {
      const from = command.at(-1) ?? "";
      froms.push(from);
      const frames = all.filter((sequence) => sequence > Number(from)).map((n) => encodeFrame(entry(n)));
      return Promise.resolve({ stdout: [Buffer.concat([...frames, finalSpoolEnd])] });
    },
  } as unknown as Cluster;
  const read = podSpoolReader({ ...timeOfWaits(), cluster }, "p", new AbortController().signal);
  const results: unknown[] = [];
  for (const after of [2, 5, 9, 0]) {
    const batches = read(after)[Symbol.asyncIterator]();
    let next = await batches.next();
    let count = 0;
    for (; next.done !== true; next = await batches.next()) count += next.value.length;
    results.push([count, next.value]);
  }
  expect(results).toEqual([3, 0, 0, 5].map((count) => [count, true]));
  expect(froms).toEqual(["2", "0"]);
});
