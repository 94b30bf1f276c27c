import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { KerutaError, type ArtifactSummary } from "@keruta/shared/domain";
import type { ArtifactFile } from "@keruta/shared/queue";
import { afterEach, beforeEach, expect, test } from "vitest";
import { settleEarlier } from "./earlier-artifacts.ts";

const lease = { taskId: "aaaaaaaaaa", attempt: 2, token: "t" };
let store: string;
let recorded: readonly ArtifactFile[];
beforeEach(async () => {
  store = await mkdtemp(join(tmpdir(), "keruta-earlier-"));
  recorded = [];
});
afterEach(() => rm(store, { recursive: true }));

async function settle({ takenOver = true, artifacts = null as ArtifactSummary | null } = {}) {
  const queue = {
    listArtifacts: async () => recorded,
    recordArtifacts: async (_: unknown, files: readonly ArtifactFile[]) => {
      recorded = files;
    },
  };
  const claim = { lease, takenOver, attempt: { artifacts } } as Parameters<typeof settleEarlier>[1];
  return await settleEarlier({ queue }, claim, store);
}

async function put(path: string): Promise<void> {
  const file = join(store, lease.taskId, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, "abc");
}

test("what a driver brought whole and could not list is listed", async () => {
  await put("2/out/a");
  await put(".queue");
  expect(await settle()).toMatchObject({ status: "Partial", files: 1, bytes: 3 });
  expect(recorded.map(({ path, bytes }) => [path, bytes])).toEqual([["out/a", 3]]);
});

test("what a driver brought half-way goes, and other attempts' artifacts stay", async () => {
  await put(".2.0123456789abcdef.part/out/a");
  await put(".queue");
  expect(await settle()).toBeNull();
  expect(existsSync(join(store, lease.taskId))).toBe(false);

  await put(".2.0123456789abcdef.part/out/a");
  await put("1/out/a");
  expect(await settle()).toBeNull();
  expect(await readdir(join(store, lease.taskId))).toEqual(["1"]);
  expect(recorded).toEqual([]);
});

test("what is told already is told, and an attempt's first driver looks for nothing", async () => {
  const artifacts = { status: "Collected", files: 1, bytes: 3, message: "" } as const;
  expect(await settle({ artifacts })).toBe(artifacts);
  await put("2/out/a");
  expect(await settle({ takenOver: false })).toBeNull();
  expect(recorded).toEqual([]);
});

test("what the queue does not list is told as failed, and the attempt gets its result", async () => {
  await put("2/a\\b");
  const queue = {
    listArtifacts: async () => [],
    recordArtifacts: async (_: unknown, files: readonly ArtifactFile[]) => {
      if (files.length > 0) throw new KerutaError("KRT_ARTIFACT_REFUSED", { en: "no", ja: "no" });
    },
  };
  const claim = { lease, takenOver: true, attempt: { artifacts: null } };
  const settled = await settleEarlier({ queue }, claim as Parameters<typeof settleEarlier>[1], store);
  expect(settled).toMatchObject({
    status: "Failed",
    files: 0,
    message: "The list of 1 files was refused: no",
  });
});
