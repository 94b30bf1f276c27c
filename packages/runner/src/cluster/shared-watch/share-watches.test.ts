import { afterEach, describe, expect, test } from "vitest";
import { KerutaError } from "@keruta/shared/domain";
import type { Change, Cluster, ObjectOf, WatchKind, WatchSelection } from "../cluster.ts";
import type { ClusterEvent, Job, Pod } from "../objects.ts";
import { createMailbox, type Mailbox } from "./mailbox.ts";
import { shareWatches } from "./share-watches.ts";

interface Opened {
  readonly namespace: string;
  readonly kind: WatchKind;
  readonly selection: WatchSelection;
  readonly signal: AbortSignal;
  readonly mailbox: Mailbox<ObjectOf[WatchKind]>;
}

let opened: Opened[] = [];
const stops: AbortController[] = [];

afterEach(() => {
  opened = [];
  for (const stop of stops.splice(0)) stop.abort();
});

function clusterOf(namespace: string): Cluster {
  const fake: Partial<Cluster> = {
    namespace,
    inNamespace: clusterOf,
    watch(kind, selection, signal) {
      const mailbox = createMailbox<ObjectOf[typeof kind]>();
      opened.push({ namespace, kind, selection, signal, mailbox: mailbox as Opened["mailbox"] });
      return mailbox.read(signal);
    },
    close: () => Promise.resolve(),
  };
  return fake as Cluster;
}

const timers: { readonly due: (() => void)[] } = { due: [] };
const share = () =>
  shareWatches(clusterOf("dev"), {
    queueUid: "q",
    timers: {
      after(_, act) {
        timers.due.push(act);
        return () => void timers.due.splice(timers.due.indexOf(act), 1);
      },
      every: () => () => undefined,
    },
  });
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
const nameOf = (task: string) => `keruta-${task}-1`;

const job = (task: string, more: object = {}): Job => ({
  metadata: { name: nameOf(task), uid: `j-${task}` },
  ...more,
});
const pod = (task: string): Pod => ({
  metadata: {
    name: `${nameOf(task)}-abcde`,
    uid: `p-${task}`,
    labels: { "keruta.dev/task-id": task, "keruta.dev/attempt": "1" },
  },
});
const eventOf = (name: string, uid: string): ClusterEvent => ({
  metadata: { name: `${name}.1`, uid },
  involvedObject: { kind: name.endsWith("-abcde") ? "Pod" : "Job", name },
});

/** All changes that an attempt's watch of a kind has got so far. */
function follow<K extends WatchKind>(cluster: Cluster, kind: K, task: string) {
  const stop = new AbortController();
  stops.push(stop);
  const selection: Readonly<Record<WatchKind, WatchSelection>> = {
    jobs: { fieldSelector: `metadata.name=${nameOf(task)}` },
    pods: { labelSelector: `keruta.dev/task-id=${task},keruta.dev/attempt=1` },
    events: { objectNamePrefix: nameOf(task) },
  };
  const seen: string[] = [];
  const objects: ObjectOf[K][] = [];
  const read = async () => {
    for await (const change of cluster.watch(kind, selection[kind], stop.signal)) {
      seen.push(wordOf(change));
      if (change.type === "snapshot") objects.push(...change.items);
      else if (change.type !== "interrupted") objects.push(change.object);
    }
  };
  const ended = read().catch((error: unknown) => {
    seen.push(`failed: ${(error as Error).message}`);
  });
  return {
    seen,
    objects,
    async stop() {
      stop.abort();
      await ended;
    },
  };
}

function wordOf(change: Change<ObjectOf[WatchKind]>): string {
  if (change.type === "snapshot") return `all: ${change.items.map(({ metadata }) => metadata.uid).join(" ")}`;
  return change.type === "interrupted" ? "interrupted" : `${change.type} ${change.object.metadata.uid}`;
}

async function upstream(...changes: Change<ObjectOf[WatchKind]>[]): Promise<void> {
  await settled();
  for (const change of changes) opened.at(-1)?.mailbox.put(change);
  await settled();
}

const all = (...items: ObjectOf[WatchKind][]): Change<ObjectOf[WatchKind]> => ({ type: "snapshot", items });
const away = new KerutaError("KRT_CLUSTER_UNREACHABLE", { en: "away", ja: "away" });

describe("one watch for all attempts", () => {
  test("of the queue's Jobs and Pods, and of the events about them", async () => {
    const cluster = share();
    for (const kind of ["jobs", "pods", "events"] as const)
      for (const task of ["a", "b", "c"]) follow(cluster.inNamespace("dev"), kind, task);
    follow(cluster.inNamespace("other"), "jobs", "a");
    await settled();
    expect(opened.map(({ namespace, kind, selection }) => [namespace, kind, selection])).toEqual([
      ["dev", "jobs", { labelSelector: "keruta.dev/queue=q" }],
      ["dev", "pods", { labelSelector: "keruta.dev/queue=q" }],
      ["dev", "events", { objectNamePrefix: "keruta-" }],
      ["other", "jobs", { labelSelector: "keruta.dev/queue=q" }],
    ]);
  });

  test("each gets its own objects only, of a snapshot and later", async () => {
    const cluster = share();
    const [a, b] = [follow(cluster, "pods", "a"), follow(cluster, "pods", "b")];
    await upstream(all(pod("a"), pod("c")), { type: "added", object: pod("b") });
    await upstream({ type: "modified", object: pod("b") }, { type: "deleted", object: pod("a") });
    expect([a.seen, b.seen]).toEqual([
      ["all: p-a", "deleted p-a"],
      ["all: ", "added p-b", "modified p-b"],
    ]);
  });

  test("who comes late gets what there is, not what was", async () => {
    const cluster = share();
    follow(cluster, "pods", "a");
    await upstream(all(pod("a"), pod("b"), pod("c")), { type: "deleted", object: pod("c") });
    const [b, c] = [follow(cluster, "pods", "b"), follow(cluster, "pods", "c")];
    await settled();
    expect([b.seen, c.seen, opened.length]).toEqual([["all: p-b"], ["all: "], 1]);
  });

  test("events go to the attempt of the Job or the Pod that they are about", async () => {
    const cluster = share();
    const a = follow(cluster, "events", "a");
    await upstream(
      all(eventOf(nameOf("a"), "1"), eventOf(`${nameOf("a")}-abcde`, "2"), eventOf(nameOf("b"), "3")),
      { type: "added", object: eventOf("somebody-elses", "4") },
    );
    expect(a.seen).toEqual(["all: 1 2"]);
  });
});

describe("breaks", () => {
  test("an interruption and the list after it reach all, also those of whom nothing is left", async () => {
    const cluster = share();
    const [a, b] = [follow(cluster, "pods", "a"), follow(cluster, "pods", "b")];
    await upstream(all(pod("a"), pod("b")), { type: "interrupted", error: away });
    const late = follow(cluster, "pods", "a");
    await upstream(all(pod("b")));
    expect(a.seen).toEqual(["all: p-a", "interrupted", "all: "]);
    expect(b.seen).toEqual(["all: p-b", "interrupted", "all: p-b"]);
    expect(late.seen).toEqual(["all: p-a", "interrupted", "all: "]);
  });

  test("who comes while nothing is known yet, because the cluster does not answer, is told that", async () => {
    const cluster = share();
    const first = follow(cluster, "events", "a");
    const error = new KerutaError("KRT_CLUSTER_UNREACHABLE", { en: "away", ja: "away" });
    await upstream({ type: "interrupted", error });
    const second = follow(cluster, "events", "b");
    await upstream();
    expect([first.seen, second.seen]).toEqual([["interrupted"], ["interrupted"]]);
    await upstream({ type: "snapshot", items: [eventOf(nameOf("b"), "e")] });
    expect(second.seen).toEqual(["interrupted", "all: e"]);
  });

  test("what cannot heal fails all, and the next one begins anew", async () => {
    const cluster = share();
    const [a, b] = [follow(cluster, "pods", "a"), follow(cluster, "pods", "b")];
    await upstream(all(pod("a")));
    opened[0]?.mailbox.fail(new Error("forbidden"));
    await settled();
    expect([a.seen.at(-1), b.seen.at(-1)]).toEqual(["failed: forbidden", "failed: forbidden"]);
    const next = follow(cluster, "pods", "a");
    await upstream(all());
    expect([next.seen, opened.length]).toEqual([["all: "], 2]);
  });
});

describe("a Job that was made just now", () => {
  test("is waited for where the watch is a moment behind", async () => {
    const cluster = share();
    follow(cluster, "jobs", "a");
    await upstream(all(job("a")));
    const b = follow(cluster, "jobs", "b");
    await settled();
    expect(b.seen).toEqual([]);
    await upstream({ type: "added", object: job("b") }, { type: "modified", object: job("b") });
    expect(b.seen).toEqual(["all: j-b", "modified j-b"]);
  });

  test("but not for ever: it may have been deleted before anyone saw it", async () => {
    const cluster = share();
    follow(cluster, "jobs", "a");
    await upstream(all(job("a")));
    const b = follow(cluster, "jobs", "b");
    await settled();
    for (const act of Array.from(timers.due)) act();
    await settled();
    expect(b.seen).toEqual(["all: "]);
  });
});

describe("what is kept", () => {
  test("of attempts without a reader only the latest; an older one is watched by itself", async () => {
    const cluster = share();
    const numbers = Array.from({ length: 600 }, (_, index) => `t${String(index)}`);
    follow(cluster, "pods", "t3");
    await upstream(all(...numbers.map(pod)));
    const [kept, read, gone] = ["t599", "t3", "t4"].map((task) => follow(cluster, "pods", task));
    await settled();
    expect([kept?.seen, read?.seen, gone?.seen]).toEqual([["all: p-t599"], ["all: p-t3"], []]);
    expect(opened[1]?.selection).toEqual({
      labelSelector: "keruta.dev/task-id=t4,keruta.dev/attempt=1",
    });
  });

  test("the watch stays open for the next attempt, and then ends", async () => {
    const cluster = share();
    timers.due.length = 0;
    await follow(cluster, "pods", "a").stop();
    const b = follow(cluster, "pods", "b");
    await upstream(all(pod("b")));
    expect([b.seen, opened.length]).toEqual([["all: p-b"], 1]);
    await b.stop();
    for (const act of Array.from(timers.due)) act();
    expect(opened[0]?.signal.aborted).toBe(true);
  });

  test("closing ends all watches", async () => {
    const cluster = share();
    follow(cluster, "pods", "a");
    await settled();
    await cluster.close();
    expect(opened[0]?.signal.aborted).toBe(true);
  });
});
