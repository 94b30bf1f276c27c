import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Text } from "@keruta/shared/domain";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { LocalRunnerDeps } from "./deps.ts";
import { finishAttempt, type FinishInput } from "./finish-attempt.ts";
import { asOrdinaryUser } from "./ordinary-user.fixture.ts";
import { runDirectory } from "./run-directory.ts";

let scratch: string;
beforeEach(async () => {
  scratch = await asOrdinaryUser(() => mkdtemp(join(tmpdir(), "keruta-finish-")));
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

test("a result that is stored is given though nothing can be removed", async () => {
  await asOrdinaryUser(async () => {
    const claim = join(scratch, "keruta-aaaaaaaaaa-data");
    const run = runDirectory(join(scratch, "aaaaaaaaaa-1"));
    await mkdir(join(claim, "kept"), { recursive: true });
    await mkdir(run.workspace, { recursive: true });
    await chmod(scratch, 0o555);

    const told: string[] = [];
    const spec = { volumes: [{ name: "data", mountPath: "/data", pvc: { size: "1Gi" } }] };
    const settled = { id: "aaaaaaaaaa", status: "COMPLETED", spec };
    const deps = {
      queue: { settle: () => Promise.resolve(settled) },
      observer: { notice: ({ en }: Text) => void told.push(en) },
      paths: { claims: scratch },
      settings: { retryAttempts: 1, retryBackoff: 1000, retryOn: [] },
      clock: () => 0,
      crashPoint: () => undefined,
    } as unknown as LocalRunnerDeps;
    const input = {
      claim: { task: { spec }, attempt: { artifacts: null }, lease: {}, attemptsMade: 1 },
      run,
      prepared: null,
      report: null,
      preparation: null,
      cancelled: false,
      agentEnd: null,
      log: { bytes: 0, sha256: "", complete: true },
      lost: new AbortController().signal,
    } as unknown as FinishInput;
    expect(await finishAttempt(deps, input)).toBe(settled);
    const stays = (path: string) => expect.stringContaining(`${path} cannot be removed`);
    expect(told).toEqual([stays(run.root), stays(claim)]);
  });
});
