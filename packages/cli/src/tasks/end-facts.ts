import { describeDuration, type Attempt, type Text } from "@keruta/shared/domain";

type Ended = Pick<Attempt, "exitCode" | "signal" | "commandStartedAt" | "finishedAt">;

/** How a command ended, beside the reason: `exit code 143, SIGTERM, after 1.6s`. Empty where it never started. */
export function endFacts({ exitCode, signal, commandStartedAt, finishedAt }: Ended): Text {
  const took =
    commandStartedAt === null || finishedAt === null
      ? null
      : describeDuration(Date.parse(finishedAt) - Date.parse(commandStartedAt));
  const facts: readonly (Text | null)[] = [
    exitCode === null ? null : { en: `exit code ${String(exitCode)}`, ja: `終了コード ${String(exitCode)}` },
    signal === null ? null : { en: signal, ja: signal },
    took === null ? null : { en: `after ${took}`, ja: `実行時間 ${took}` },
  ];
  const known = facts.filter((fact) => fact !== null);
  return { en: known.map(({ en }) => en).join(", "), ja: known.map(({ ja }) => ja).join("、") };
}
