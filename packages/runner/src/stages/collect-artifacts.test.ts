import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isKerutaError, KerutaError, type ArtifactSummary } from "@keruta/shared/domain";
import type { ArtifactFile, Claim } from "@keruta/shared/queue";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { OpenArtifacts } from "../artifacts/index.ts";
import { archiveOf, streamOf } from "../artifacts/fixtures/collection.fixture.ts";
import { collectArtifacts, type CollectArtifacts } from "./collect-artifacts.ts";

let store: string;
let recorded: readonly ArtifactFile[];
let told: ArtifactSummary | null;
let timers: (() => void)[];
beforeEach(async () => {
  store = await mkdtemp(join(tmpdir(), "keruta-collect-"));
  recorded = [];
  told = null;
  timers = [];
});
afterEach(() => rm(store, { recursive: true }));

const content = { "a.txt": "one", "b/c.txt": "two" };
const whole: OpenArtifacts = (from) => Promise.resolve(streamOf(archiveOf(content, from)));
const away: OpenArtifacts = () => {
  const words = { en: "nobody answers", ja: "nobody answers" };
  return Promise.reject(
    new KerutaError("KRT_CLUSTER_UNREACHABLE", words, { cause: new Error("ECONNRESET") }),
  );
};

interface CollectChange extends Partial<Pick<CollectArtifacts, "mayAskAgain">> {
  /** Files that the queue's server takes in one list. */
  readonly longestList?: number;
  /** Before what came is listed. */
  readonly dies?: boolean;
}

function collect(
  open: OpenArtifacts,
  { dies = false, longestList = Infinity, mayAskAgain }: CollectChange = {},
) {
  const deps = {
    queue: {
      recordArtifacts: (_: unknown, files: readonly ArtifactFile[], summary: ArtifactSummary) => {
        if (dies) return Promise.reject(new Error("killed"));
        if (files.length > longestList) {
          const words = { en: "too large", ja: "too large" };
          return Promise.reject(new KerutaError("KRT_TASK_TOO_LARGE", words));
        }
        recorded = files;
        told = summary;
        return Promise.resolve();
      },
      listArtifacts: () => Promise.resolve(recorded),
    },
    settings: { artifactMaxTotalBytes: 1 << 20 },
    observer: { artifacts: () => undefined },
    random: (bytes: number) => new Uint8Array(bytes),
    timers: {
      after: (_: number, act: () => void) => {
        timers.push(act);
        return () => void timers.splice(timers.indexOf(act), 1);
      },
    },
  } as unknown as Parameters<typeof collectArtifacts>[0];
  const claim = {
    task: { id: "a" },
    attempt: { number: 1, artifacts: told },
    lease: { taskId: "a", attempt: 1, token: "t" },
  } as Claim;
  const lost = new AbortController().signal;
  return collectArtifacts(deps, {
    claim,
    store,
    wantsArtifacts: true,
    open,
    lost,
    ...(mayAskAgain && { mayAskAgain }),
  });
}

describe("what one driver has brought whole stays listed, though the next cannot bring it again", () => {
  test("where it was listed", async () => {
    expect(await collect(whole)).toMatchObject({ status: "Collected", files: 2 });
    const before = recorded;
    expect(await collect(away)).toEqual({ status: "Collected", files: 2, bytes: 6, message: "" });
    expect(recorded).toEqual(before);
  });

  test("where its driver died before that", async () => {
    await expect(collect(whole, { dies: true })).rejects.toThrow("killed");
    expect(recorded).toEqual([]);
    const summary = await collect(away);
    expect(summary).toMatchObject({ status: "Partial", files: 2, bytes: 6 });
    expect(summary?.message).toContain("nobody answers");
    expect(new Map(recorded.map(({ path, sha256 }) => [path, sha256?.length]))).toEqual(
      new Map([
        ["a.txt", 64],
        ["b/c.txt", 64],
      ]),
    );
  });

  test("and where there was nothing, it has failed", async () => {
    expect(await collect(away)).toMatchObject({ status: "Failed", files: 0 });
    expect(recorded).toEqual([]);
  });
});

test("a list that the server does not take keeps the attempt from no result", async () => {
  const summary = await collect(whole, { longestList: 1 });
  expect(summary).toEqual({
    status: "Failed",
    files: 0,
    bytes: 0,
    message: "The list of 2 files is too long for the server: too large",
  });
  expect(recorded).toEqual([]);
});

test("the time in which nobody can be asked is not the sender's, and no timer is left", async () => {
  let asked = 0;
  const running: number[] = [];
  const late: OpenArtifacts = async (...place) => {
    asked += 1;
    return asked < 20 ? await away(...place) : await whole(...place);
  };
  const mayAskAgain = async (why: unknown) => {
    await Promise.resolve();
    running.push(timers.length);
    return isKerutaError(why, "KRT_CLUSTER_UNREACHABLE");
  };
  expect(await collect(late, { mayAskAgain })).toMatchObject({ status: "Collected" });
  expect([asked, Math.max(...running)]).toEqual([20, 0]);
  expect(timers).toEqual([]);
});
