import { unresolvedExitCode, type Task } from "@keruta/shared/domain";
import { lastWords } from "../../driving/last-words.ts";
import { failed, ok, type Check } from "./check.ts";

/** What the end of the trial says of the cluster, and of the name that the trial's Pod had to resolve. */
export function trialOutcome(task: Task, hostName: string | null): readonly Check[] {
  const { id, status, attempt } = task;
  const message = lastWords(task);
  if (status === "COMPLETED") {
    const run = ok("run", message);
    return hostName === null ? [run] : [run, ok("dns:pod", resolves(hostName))];
  }
  if (hostName !== null && attempt?.reason === "Error" && attempt.exitCode === unresolvedExitCode)
    return [ok("run", ranToItsEnd(id)), unresolved(id, hostName)];
  return [
    failed("run", message, {
      en: `\`keruta why ${id}\` and \`keruta logs ${id}\` tell more.`,
      ja: `\`keruta why ${id}\` と \`keruta logs ${id}\` で詳しく確認できます。`,
    }),
  ];
}

function resolves(hostName: string) {
  return { en: `${hostName} resolves in a Pod`, ja: `${hostName} を Pod で名前解決できます` };
}

function ranToItsEnd(id: string) {
  return { en: `${id} ran in a Pod to its end`, ja: `${id} を Pod で最後まで実行しました` };
}

function unresolved(id: string, hostName: string): Check {
  return failed(
    "dns:pod",
    { en: `${hostName} does not resolve in a Pod`, ja: `${hostName} を Pod で名前解決できません` },
    {
      en: `Agents cannot report to the server: check \`keruta settings get agent.api-url\`, the cluster's DNS, and NetworkPolicies on the way to it; \`keruta logs ${id}\` has the error.`,
      ja: `エージェントがサーバーに報告できません。\`keruta settings get agent.api-url\`、クラスターの DNS、DNS への通信を制限する NetworkPolicy を確認してください。エラーは \`keruta logs ${id}\` で確認できます。`,
    },
  );
}
