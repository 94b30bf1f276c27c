import { KerutaError } from "@keruta/shared/domain";
import type { Claim } from "@keruta/shared/queue";
import { expect, test } from "vitest";
import type { Job } from "../../cluster/objects.ts";
import { agentSecret } from "./agent-secret.ts";

const away = new KerutaError("KRT_CLUSTER_UNREACHABLE", { en: "away", ja: "" });
const forbidden = new KerutaError("KRT_CLUSTER_FORBIDDEN", { en: "no", ja: "" });

/** Gives the Secret to its Job, which fails so often. */
async function give(failures: number, error: KerutaError) {
  let asked = 0;
  const notices: string[] = [];
  const deps = {
    cluster: {
      giveSecretTo: async () => {
        await Promise.resolve();
        asked += 1;
        if (asked <= failures) throw error;
      },
    },
    timers: { after: (_: number, act: () => void) => (queueMicrotask(act), () => undefined) },
    observer: { notice: ({ en }: { en: string }) => notices.push(en) },
  } as unknown as Parameters<typeof agentSecret>[0];
  const secret = agentSecret(deps, {} as Claim, () => ({ metadata: { name: "s" } }) as never);
  await secret.giveTo({ metadata: { name: "j", uid: "u" } } as Job);
  return { asked, notices };
}

test("a Secret is given to its Job as soon as the cluster answers again", async () => {
  expect(await give(3, away)).toEqual({ asked: 4, notices: [] });
});

test.each([
  ["stays away", away, 6],
  ["forbids it", forbidden, 1],
] as const)("one that may stay behind is told, where the cluster %s", async (_, error, asked) => {
  expect(await give(99, error)).toMatchObject({ asked, notices: [expect.stringContaining("left behind")] });
});
