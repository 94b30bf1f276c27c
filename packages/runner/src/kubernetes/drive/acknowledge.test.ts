import { KerutaError } from "@keruta/shared/domain";
import { expect, test } from "vitest";
import { acknowledge } from "./acknowledge.ts";

const away = new KerutaError("KRT_CLUSTER_UNREACHABLE", { en: "away", ja: "" });
const gone = new KerutaError("KRT_CLUSTER_REFUSED", { en: "no such Pod", ja: "" });
const forbidden = new KerutaError("KRT_CLUSTER_FORBIDDEN", { en: "no", ja: "" });

/** What is done to the Pod where telling it fails so often; "hangs" never answers. */
async function tell(failures: number, error: KerutaError | "hangs") {
  const done: string[] = [];
  let giveUp = () => {};
  await acknowledge(
    {
      timers: {
        after: (milliseconds, act) => {
          if (milliseconds < 20_000) queueMicrotask(act);
          else giveUp = act;
          return () => undefined;
        },
        every: () => () => undefined,
      },
      cluster: {
        exec: async (_, signal) => {
          await Promise.resolve();
          done.push("exec");
          if (error === "hangs") {
            return new Promise((_resolve, reject) => {
              signal?.addEventListener("abort", () => reject(signal.reason as Error));
              giveUp();
            });
          }
          if (done.length <= failures) throw error;
          return {
            stdin: { write: () => Promise.resolve(), end: () => Promise.resolve() },
            stdout: (async function* () {
              // It says nothing.
            })(),
            stderr: () => "",
            exitCode: Promise.resolve(0),
          };
        },
        deletePod: async () => {
          await Promise.resolve();
          done.push("delete");
          return "deleted" as const;
        },
      },
    },
    { metadata: { name: "pod", uid: "u" } },
  );
  return done;
}

test.each([
  ["at once", 0, away, ["exec"]],
  ["when the cluster answers again", 2, away, ["exec", "exec", "exec"]],
  ["in vain, while the cluster stays away for long", 9, away, ["exec", "exec", "exec", "exec", "exec"]],
  ["in vain, where it is gone", 9, gone, ["exec"]],
  ["in vain, where it never answers", 9, "hangs", ["exec"]],
  ["by its deletion, where exec is forbidden", 9, forbidden, ["exec", "delete"]],
] as const)("a sidecar is let go %s", async (_, failures, error, expected) => {
  expect(await tell(failures, error)).toEqual(expected);
});
