import type { ArtifactSummary } from "@keruta/shared/domain";
import type { ArtifactFile, Claim } from "@keruta/shared/queue";
import { expect, test } from "vitest";
import type { Pod } from "../../cluster/objects.ts";
import { awaitUpload } from "./await-upload.ts";
import { timeOfWaits } from "./waits.harness.ts";

const collected: ArtifactSummary = { status: "Collected", files: 1, bytes: 1, message: "" };
const empty: ArtifactSummary = { ...collected, files: 0, bytes: 0 };
const file: ArtifactFile = { path: "a", bytes: 1, sha256: "ab", skipped: null };

interface Given {
  /** What the server has after so many seconds; nothing before. */
  readonly told?: { readonly after: number; readonly summary: ArtifactSummary };
  readonly files?: readonly ArtifactFile[];
  /** The sidecar's end, in seconds. */
  readonly sidecarEnds?: number;
  readonly podIsReplaced?: boolean;
  readonly wantsArtifacts?: boolean;
  readonly lost?: AbortSignal;
}

/** By a clock that only the waits move. */
async function wait(given: Given) {
  const { told, files = [], sidecarEnds = Infinity, wantsArtifacts = true } = given;
  const time = timeOfWaits();
  const pod = (ended: boolean): Pod => ({
    metadata: { name: "keruta-a-1-x", uid: given.podIsReplaced === true ? "other" : "p" },
    status: {
      phase: "Running",
      initContainerStatuses: [
        { name: "keruta", state: ended ? { terminated: { exitCode: 0 } } : { running: {} } },
      ],
    },
  });
  const deps = {
    ...time,
    observer: { notice: () => undefined },
    cluster: { getPod: () => Promise.resolve(pod(time.clock() >= sidecarEnds * 1000)) },
    queue: {
      attemptReport: () =>
        Promise.resolve(told && time.clock() >= told.after * 1000 ? { artifacts: told.summary } : null),
      listArtifacts: () => Promise.resolve(files),
    },
  } as unknown as Parameters<typeof awaitUpload>[0];
  const claim = { lease: { taskId: "a", attempt: 1, token: "t" } } as Claim;
  const lost = given.lost ?? new AbortController().signal;
  const target: Pod = { metadata: { name: "keruta-a-1-x", uid: "p" } };
  const summary = await awaitUpload(deps, { claim, pod: target, wantsArtifacts, lost });
  return { summary, seconds: time.clock() / 1000 };
}

test("what the server took is the attempt's, as soon as it is there", async () => {
  const { summary, seconds } = await wait({ told: { after: 42, summary: collected }, files: [file] });
  expect([summary, seconds]).toEqual([collected, 42]);
});

test("an upload whose Pod has ended meanwhile counts", async () => {
  const told = { after: 7, summary: { ...collected, status: "Partial" as const } };
  expect((await wait({ told, sidecarEnds: 7 })).summary).toEqual(told.summary);
});

test.each([
  ["its sidecar ended", { sidecarEnds: 20 }, 20],
  ["its Pod is gone", { podIsReplaced: true }, 0],
])("one that never came is Failed where %s, with a way to see why", async (_, given, after) => {
  const { summary, seconds } = await wait(given);
  expect(summary).toMatchObject({ status: "Failed", files: 0 });
  expect(summary?.message).toContain("kubectl logs keruta-a-1-x -c keruta");
  expect(seconds).toBe(after);
});

test("it is waited for as long as the sidecar may stay, and no longer", async () => {
  const { summary, seconds } = await wait({});
  expect([summary?.status, summary?.message, seconds]).toEqual([
    "Failed",
    expect.stringContaining("within 300 s"),
    300,
  ]);
});

test("nothing is worth no word where the task names no artifacts, unless it failed", async () => {
  const told = { after: 1, summary: empty };
  expect((await wait({ told, wantsArtifacts: false })).summary).toBeNull();
  expect((await wait({ told, wantsArtifacts: true })).summary).toEqual(empty);
  expect((await wait({ told, wantsArtifacts: false, files: [file] })).summary).toEqual(empty);
  const failed = { ...empty, status: "Failed" as const };
  const both = { told: { after: 1, summary: failed }, wantsArtifacts: false };
  expect((await wait(both)).summary).toEqual(failed);
});

test("an attempt that is another driver's now is waited for no more", async () => {
  expect(await wait({ lost: AbortSignal.abort() })).toMatchObject({
    summary: { status: "Failed" },
    seconds: 0,
  });
});
