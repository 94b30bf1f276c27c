import { KerutaError } from "@keruta/shared/domain";
import { describe, expect, test } from "vitest";
import type { Pod } from "../../cluster/objects.ts";
import { agentOf, bytesOf, memoryLog } from "../../follow/follow.harness.ts";
import { keeperOf, newWorld } from "../../follow/log-keeper.harness.ts";
import { followPodLog } from "./follow-pod-log.ts";
import { abortOf, timeOfWaits } from "./waits.harness.ts";

const pod: Pod = { metadata: { name: "keruta-a-1-x", uid: "p" } };
const unreachable = new KerutaError("KRT_CLUSTER_UNREACHABLE", { en: "away", ja: "" });
const cut = new KerutaError("KRT_CLUSTER_CUT", { en: "cut", ja: "" });
const refused = new KerutaError("KRT_CLUSTER_REFUSED", { en: "no container", ja: "" });
const forbidden = new KerutaError("KRT_CLUSTER_FORBIDDEN", { en: "no exec", ja: "" });

const agent = agentOf([{ stream: "stdout", bytes: Buffer.from("one\ntwo\nthree\n") }], 2);
const lines = agent.wire.toString("latin1").split("\n").slice(0, -1);
const stamped = (some: readonly string[]) =>
  Buffer.from(some.map((line) => `2026-01-01T00:00:00.000000000Z ${line}\n`).join(""), "latin1");
const wires = {
  whole: stamped(lines),
  /** The kubelet left a line out. */
  holed: stamped(lines.toSpliced(1, 1)),
};

interface Given {
  /** What the cluster answers, one connection after the other; the last one for ever. */
  readonly answers: readonly (KerutaError | keyof typeof wires | "silent")[];
  /** Seconds. */
  readonly podGoes?: number;
  /** What the spool says. */
  readonly spool?: KerutaError;
  /** Seconds until the container ends. */
  readonly ends?: number;
}

/** By a clock that only the waits move. */
async function follow({ answers, podGoes = Infinity, spool = refused, ends = 0 }: Given) {
  const time = timeOfWaits();
  const ended = new AbortController();
  let asked = 0;
  const queue = memoryLog();
  const deps = {
    ...time,
    observer: { notice: () => undefined },
    cluster: {
      getPod: () => Promise.resolve(time.clock() >= podGoes * 1000 ? undefined : pod),
      async *readLog(_: unknown, signal: AbortSignal) {
        const answer = answers[Math.min(asked, answers.length - 1)];
        asked += 1;
        if (time.clock() >= ends * 1000) ended.abort();
        if (answer instanceof KerutaError) throw answer;
        if (answer === "silent") {
          yield await Promise.resolve(wires.whole.subarray(0, 200));
          // As seen by whoever watches the Pod.
          setImmediate(() => ended.abort());
          await abortOf(signal);
        } else if (answer !== undefined) yield await Promise.resolve(wires[answer]);
      },
    },
  } as unknown as Parameters<typeof followPodLog>[0];
  if (ends === 0) ended.abort();
  const isWhole = await followPodLog(deps, {
    pod,
    container: "main",
    log: await keeperOf(queue, newWorld()),
    onControl: () => undefined,
    // oxlint-disable-next-line require-yield -- nothing can be had from there
    readSpool: async function* () {
      throw await Promise.resolve(spool);
    },
    containerEnded: ended.signal,
    stop: new AbortController().signal,
  });
  return { isWhole, asked, seconds: time.clock() / 1000, text: bytesOf(queue.entries, "stdout").toString() };
}

describe("the log of a container that has ended", () => {
  test("is had when the cluster is back, however often it was asked", async () => {
    const answers = [...Array.from({ length: 30 }, () => unreachable), "whole" as const];
    expect(await follow({ answers })).toMatchObject({ isWhole: true, asked: 31, text: "one\ntwo\nthree\n" });
  });

  test("is left to the spool where its connections are cut before they bring anything new", async () => {
    expect(await follow({ answers: [cut] })).toMatchObject({ isWhole: false, asked: 3 });
  });

  test("is read again where the connection that followed it stays silent after the end", async () => {
    const { isWhole, asked, seconds, text } = await follow({ answers: ["silent", "whole"], ends: 1 });
    expect([isWhole, asked, text]).toEqual([true, 2, "one\ntwo\nthree\n"]);
    expect(seconds).toBeLessThan(10);
  });

  test("is left to the spool where nothing comes of it any more", async () => {
    const { isWhole, seconds } = await follow({ answers: ["silent"], ends: 1 });
    expect([isWhole, seconds < 300]).toEqual([false, true]);
  });

  test("is not waited for where its Pod is gone", async () => {
    const { isWhole, seconds } = await follow({ answers: [unreachable], podGoes: 20 });
    expect(isWhole).toBe(false);
    expect(seconds).toBeLessThan(30);
  });

  test("is waited for a minute where the cluster refuses it", async () => {
    const { isWhole, seconds } = await follow({ answers: [refused] });
    expect([isWhole, seconds > 50, seconds < 61]).toEqual([false, true, true]);
  });
});

describe("a hole whose spool must not be read", () => {
  test("is left as it is at the end, and is no error", async () => {
    const { isWhole, text } = await follow({ answers: ["holed"], spool: forbidden });
    expect([isWhole, text]).toEqual([false, ""]);
  });

  test("is asked for about once a minute while the container runs", async () => {
    const { isWhole, asked } = await follow({ answers: ["holed"], spool: forbidden, ends: 3600 });
    expect(isWhole).toBe(false);
    expect(asked).toBeLessThan(80);
  });

  test("is filled by a connection that has it", async () => {
    const answers = ["holed", "holed", "whole"] as const;
    const { isWhole, text } = await follow({ answers, spool: forbidden, ends: 60 });
    expect([isWhole, text]).toEqual([true, "one\ntwo\nthree\n"]);
  });
});
