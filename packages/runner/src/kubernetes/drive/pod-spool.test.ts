import { encodeFrame, type LogEntry } from "@keruta/shared/domain";
import { describe, expect, test } from "vitest";
import type { Cluster } from "../../cluster/cluster.ts";
import { podSpoolReader } from "./pod-spool.ts";

const entry: LogEntry = {
  kind: "control",
  sequence: 1,
  time: 0,
  control: { type: "log", level: "INFO", message: "x" },
};

async function read(code: number, words = "") {
  const cluster = {
    exec: async () => {
      await Promise.resolve();
      return {
        stdout: (async function* () {
          yield await Promise.resolve(encodeFrame(entry));
        })(),
        stderr: () => words,
        exitCode: Promise.resolve(code),
      };
    },
  } as unknown as Cluster;
  const entries: LogEntry[] = [];
  for await (const batch of podSpoolReader(cluster, "pod", new AbortController().signal)(0))
    entries.push(...batch);
  return entries;
}

describe("the spool of a Pod", () => {
  test("is whole where its reader says so", async () => {
    expect(await read(0)).toEqual([entry]);
  });

  test.each([
    ["is not where its reader was killed, which may pass", 137, "", "KRT_CLUSTER_CUT"],
    ["is not where its reader found it damaged", 1, "damaged", "KRT_CLUSTER_REFUSED"],
  ])("%s", async (_, code, words, expected) => {
    await expect(read(code, words)).rejects.toMatchObject({ code: expected });
  });
});
