import { KerutaError } from "@keruta/shared/domain";
import { expect, test } from "vitest";
import { createOutage } from "./outage.ts";

const away = new KerutaError("KRT_CLUSTER_UNREACHABLE", { en: "no answer", ja: "応答なし" });

type Look = readonly [at: number, interruption: KerutaError | null];

test.each<[what: string, looks: readonly Look[], told: readonly (string | null)[], tellAt: number | null]>([
  [
    "nothing of a cluster that answers",
    [
      [0, null],
      [9000, null],
    ],
    [],
    null,
  ],
  [
    "nothing of a short one, but when it would be told",
    [
      [0, null],
      [1000, away],
      [5999, away],
    ],
    [],
    6000,
  ],
  [
    "nothing of one that is over in time",
    [
      [0, away],
      [4999, null],
      [9000, null],
    ],
    [],
    null,
  ],
  [
    "a long one once",
    [
      [0, away],
      [5000, away],
      [60_000, away],
    ],
    ["no answer"],
    null,
  ],
  [
    "its end",
    [
      [0, away],
      [5000, away],
      [5001, null],
      [5002, null],
    ],
    ["no answer", null],
    null,
  ],
  [
    "the next one again",
    [
      [0, away],
      [5000, away],
      [5001, null],
      [6000, away],
      [11_000, away],
    ],
    ["no answer", null, "no answer"],
    null,
  ],
])("of outages it tells %s", (_, looks, expected, tellAt) => {
  const told: (string | null)[] = [];
  let now = 0;
  const outage = createOutage({
    clock: () => now,
    observer: {
      phase: () => undefined,
      entries: async () => undefined,
      notice: () => undefined,
      artifacts: () => undefined,
      outage: (error) => void told.push(error && error.text.en),
    },
  });
  for (const [at, interruption] of looks) {
    now = at;
    outage.look(interruption);
  }
  expect(told).toEqual(expected);
  expect(outage.tellAt).toBe(tellAt);
});
