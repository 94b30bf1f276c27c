import { describe, expect, test, vi } from "vitest";
import { KerutaError } from "@keruta/shared/domain";
import type { ClaimTerms, Queue } from "@keruta/shared/queue";
import { holder, startWorker } from "./worker.harness.ts";

const terms: ClaimTerms = { holder, runners: ["local", "kubernetes"], defaultRunner: "local" };
const words = { en: "away", ja: "away" };
const databaseAway = new KerutaError("KRT_DB_UNREACHABLE", words, { details: { transient: true } });
const clusterAway = new KerutaError("KRT_CLUSTER_UNREACHABLE", words);
const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("slots", () => {
  test("so many are live and no more; an end makes room at once", async () => {
    await using worker = await startWorker({ concurrency: 3 });
    await worker.add(5);
    await worker.drove(3);
    await sleep(50);
    expect(worker.driven.length).toBe(3);
    await worker.driven[1]?.settle();
    await worker.drove(4);
    await sleep(50);
    expect(worker.driven.length).toBe(4);
    for (const each of worker.driven) await each.settle();
    await worker.drove(5);
  });

  test("a task that is added to an empty queue starts at once, not at the next look", async () => {
    await using worker = await startWorker();
    await vi.waitFor(() => expect(worker.said).toEqual(["ready"]));
    // Longer than hints are kept waiting, shorter than a sleep.
    await sleep(300);
    const from = performance.now();
    await worker.add(1);
    await worker.drove(1);
    expect(performance.now() - from).toBeLessThan(1000);
  });

  test("an idle worker asks seldom, however often others write", async () => {
    let claims = 0;
    const counting = (queue: Queue): Queue => ({
      ...queue,
      claim: (request) => {
        claims += 1;
        return queue.claim(request);
      },
    });
    await using worker = await startWorker({ seen: counting });
    for (let round = 0; round < 100; round += 1) {
      await worker.queue.announceDriver({ ...holder, pid: 2 + round });
      await sleep(10);
    }
    expect(claims).toBeLessThan(15);
  });

  test("its own retry runs when it falls due", async () => {
    await using worker = await startWorker();
    await worker.add(1);
    await worker.drove(1);
    const due = performance.timeOrigin + performance.now() + 400;
    await worker.driven[0]?.settle({ reason: "Error", exitCode: 1 }, due);
    await worker.drove(2);
    const late = performance.timeOrigin + performance.now() - due;
    expect(late).toBeGreaterThanOrEqual(0);
    expect(late).toBeLessThan(1500);
  });

  test("it is known as alive until it ends", async () => {
    await using worker = await startWorker();
    await vi.waitFor(async () => expect((await worker.queue.queueStatus()).drivers).toBe(1));
    worker.worker.drain();
    await worker.ended;
    expect((await worker.queue.queueStatus()).drivers).toBe(0);
  });
});

describe("what is away", () => {
  test.each([databaseAway, new KerutaError("KRT_DB_BUSY", words), new KerutaError("KRT_DB_FULL", words)])(
    "a queue that cannot be used is asked again, and told of once: $code",
    async (error) => {
      let failures = 4;
      const failing = (queue: Queue): Queue => ({
        ...queue,
        claim: async (request) => {
          failures -= 1;
          if (failures >= 0) throw error;
          return queue.claim(request);
        },
      });
      await using worker = await startWorker({ seen: failing, speed: 20 });
      await worker.add(1);
      await worker.drove(1);
      expect(worker.said).toEqual(["ready", "queue away", "queue back", "started"]);
    },
  );

  test("a queue that no waiting mends ends it, and hands over what is live", async () => {
    const corrupt = new KerutaError("KRT_DB_CORRUPT", words);
    let claims = 0;
    const breaking = (queue: Queue): Queue => ({
      ...queue,
      claim: async (request) => {
        claims += 1;
        if (claims > 1) throw corrupt;
        return queue.claim(request);
      },
    });
    await using worker = await startWorker({ seen: breaking, concurrency: 2, reach: later(terms) });
    await worker.add(1, "kubernetes");
    await worker.drove(1);
    await vi.waitFor(() => expect(worker.driven[0]?.signals.detach.aborted).toBe(true));
    worker.driven[0]?.end({ kind: "left" });
    await expect(worker.ended).rejects.toBe(corrupt);
  });

  test("nothing is claimed while the cluster is away, from the start or later", async () => {
    let isAway = true;
    const reach = async () => {
      if (isAway) throw clusterAway;
      return terms;
    };
    await using worker = await startWorker({ reach, speed: 20 });
    await worker.add(2);
    await sleep(200);
    expect([worker.driven.length, worker.said]).toEqual([0, ["cluster away"]]);
    isAway = false;
    await worker.drove(1);
    isAway = true;
    await worker.driven[0]?.settle();
    await sleep(200);
    expect(worker.driven.length).toBe(1);
    isAway = false;
    await worker.drove(2);
    expect(worker.said.filter((word) => word.startsWith("cluster"))).toEqual([
      "cluster away",
      "cluster back",
      "cluster away",
      "cluster back",
    ]);
  });

  test("a worker that is told to drain does not wait for what is away", async () => {
    const reach = () => Promise.reject(clusterAway);
    await using worker = await startWorker({ reach });
    await sleep(20);
    worker.worker.drain();
    expect(await worker.ended).toEqual({ how: "drained", failed: 0 });
  });

  test("what no waiting mends ends it at the start", async () => {
    const broken = new KerutaError("KRT_KUBECONFIG_INVALID", words);
    await using worker = await startWorker({ reach: () => Promise.reject(broken) });
    await expect(worker.ended).rejects.toBe(broken);
  });

  test("a token that has run out does not end a worker that was at work", async () => {
    let calls = 0;
    const reach = async () => {
      calls += 1;
      if (calls === 2) throw new KerutaError("KRT_CLUSTER_UNAUTHORIZED", words);
      return terms;
    };
    await using worker = await startWorker({ reach, speed: 20 });
    await worker.add(2);
    await worker.drove(1);
    await worker.driven[0]?.settle();
    await worker.drove(2);
    expect(worker.said).toContain("cluster back");
  });
});

describe("an attempt that cannot be driven", () => {
  test("is held back, and handed back at the end; others run meanwhile", async () => {
    await using worker = await startWorker();
    const [poison, other] = await worker.add(2);
    await worker.drove(1);
    worker.driven[0]?.fail(new Error("a bug"));
    await worker.drove(2);
    expect(worker.driven.map(({ claim }) => claim.task.id)).toEqual([poison, other]);
    await worker.driven[1]?.settle();
    await sleep(100);
    expect(worker.driven.length).toBe(2);
    worker.worker.drain();
    expect(await worker.ended).toEqual({ how: "drained", failed: 1 });
    expect(await worker.queue.claim(terms)).toMatchObject({ task: { id: poison }, takenOver: true });
  });

  test("comes back after a while, later each time", async () => {
    await using worker = await startWorker({ speed: 100 });
    await worker.add(1);
    const times: number[] = [];
    for (let round = 1; round <= 3; round += 1) {
      await worker.drove(round);
      times.push(performance.now());
      worker.driven[round - 1]?.fail(new Error("a bug"));
    }
    await worker.drove(4);
    times.push(performance.now());
    const [first = 0, second = 0, third = 0] = times
      .slice(1)
      .map((time, index) => time - (times[index] ?? 0));
    // At least 3.75, 7.5 and 15 s of the worker's; a busy machine may make each longer.
    expect(first).toBeGreaterThan(35);
    expect(second).toBeGreaterThan(70);
    expect(third).toBeGreaterThan(140);
  });

  test("where all fail, the queue is not taken to pieces", async () => {
    await using worker = await startWorker({ concurrency: 2 });
    await worker.add(20);
    for (let index = 0; index < 2; index += 1) {
      await worker.drove(index + 1);
      worker.driven[index]?.fail(new Error("a bug"));
    }
    await sleep(200);
    for (const each of worker.driven) each.fail(new Error("a bug"));
    await sleep(200);
    expect((await worker.queue.queueStatus()).counts.IN_PROGRESS).toBeLessThanOrEqual(4);
  });
});

describe("the end", () => {
  test("draining claims nothing more and sees what is live to its end", async () => {
    await using worker = await startWorker();
    await worker.add(2);
    await worker.drove(1);
    worker.worker.drain();
    await worker.driven[0]?.settle();
    expect(await worker.ended).toEqual({ how: "drained", failed: 0 });
    expect(worker.said).toEqual(["ready", "started", "draining 1", "settled"]);
    expect((await worker.queue.queueStatus()).counts).toMatchObject({ PENDING: 1, COMPLETED: 1 });
  });

  test("handing over detaches from Jobs and cancels local commands, the wish first", async () => {
    await using worker = await startWorker({ concurrency: 2 });
    const [local = ""] = await worker.add(1, "local");
    await worker.add(1, "kubernetes");
    await worker.drove(2);
    worker.worker.drain();
    worker.worker.handOver();
    const [ofLocal, ofCluster] = worker.driven;
    expect(ofCluster?.signals.detach.aborted).toBe(true);
    expect(ofCluster?.signals.cancel.aborted).toBe(false);
    await vi.waitFor(() => expect(ofLocal?.signals.cancel.aborted).toBe(true));
    expect((await worker.queue.getTask(local))?.cancelRequestedAt).not.toBeNull();
    ofLocal?.end({ kind: "lost" });
    ofCluster?.end({ kind: "left" });
    expect(await worker.ended).toEqual({ how: "drained", failed: 0 });
  });

  test("an attempt that cannot be left loses its lease", async () => {
    await using worker = await startWorker({ speed: 50 });
    await worker.add(1, "kubernetes");
    await worker.drove(1);
    worker.worker.handOver();
    await vi.waitFor(async () => {
      const lease = worker.driven[0]?.claim.lease;
      expect(lease && (await worker.queue.renewLease(lease))).toEqual({ held: false });
    });
  });

  test("until empty: through what there is, and through what it leaves", async () => {
    await using worker = await startWorker({ untilEmpty: true, concurrency: 2, reach: later(terms) });
    const [first = ""] = await worker.add(3);
    for (let count = 1; count <= 3; count += 1) {
      await worker.drove(count);
      const retry = count === 1 ? 0 : undefined;
      await worker.driven[count - 1]?.settle({ reason: "Error", exitCode: 1 }, retry);
    }
    await worker.drove(4);
    expect(worker.driven.filter(({ claim }) => claim.task.id === first).length).toBe(2);
    await worker.driven[3]?.settle();
    expect(await worker.ended).toEqual({ how: "empty", failed: 0 });
  });
});

/** Gives the test time to fill the queue first. */
function later(value: ClaimTerms): () => Promise<ClaimTerms> {
  const ready = sleep(200);
  return async () => {
    await ready;
    return value;
  };
}
