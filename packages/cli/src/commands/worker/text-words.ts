import { formatDuration, isKerutaError, isTerminal, type Task, type Text } from "@keruta/shared/domain";
import { holderName, type Claim } from "@keruta/shared/queue";
import { lastWords } from "../../driving/last-words.ts";
import type { ReportOptions } from "./report.ts";
import type { WorkerWords } from "./worker-words.ts";

/** One line on stderr for each thing that happens; what is about a task begins with its id. */
export function textWords({ context, queue, place }: ReportOptions): WorkerWords {
  const { notify, complain, machine, version } = context;
  return {
    ready: (concurrency) => {
      const where = place() ?? {
        en: "this machine: no cluster is configured, tasks of the kubernetes runner are left alone",
        ja: "このマシン（クラスターが設定されていないため、kubernetes ランナーのタスクは対象外です）",
      };
      const who = holderName(machine.processes.self);
      const count = String(concurrency);
      return notify({
        en: `worker ${who}: ${count} at a time from ${queue.name}, on ${where.en}`,
        ja: `ワーカー ${who}: ${queue.name} から同時に ${count} 件、実行先 ${where.ja}`,
      });
    },
    async started(claim) {
      const { task, takenOver } = claim;
      const name = nameOf(claim);
      const title = task.title.replaceAll(/\s+/g, " ").slice(0, longestTitle);
      await notify({
        en: `${name.en} ${takenOver ? "taken over" : "started"}: ${title}`,
        ja: `${name.ja}を${takenOver ? "引き継ぎました" : "開始しました"}: ${title}`,
      });
    },
    async ended(claim, outcome) {
      const name = nameOf(claim);
      switch (outcome.kind) {
        case "settled":
          return outcome.task.status === "COMPLETED"
            ? notify(lastWords(outcome.task))
            : complain(
                isTerminal(outcome.task.status) ? lastWords(outcome.task) : willRetry(outcome.task, name),
              );
        case "lost":
          return notify({
            en: `${name.en}: another driver has it now`,
            ja: `${name.ja}は別のドライバーに引き継がれました`,
          });
        case "left":
          return notify({
            en: `${name.en} handed over: it goes on without this worker`,
            ja: `${name.ja}を引き渡しました。このワーカーなしで続きます`,
          });
      }
    },
    async failed(claim, error, milliseconds) {
      const name = nameOf(claim);
      const words = isKerutaError(error) ? error.text : bugWords(error, version);
      const code = isKerutaError(error) ? error.code : "KRT_INTERNAL";
      const after = formatDuration(milliseconds);
      await complain({
        en: `${name.en} could not be driven: ${words.en} (${code}) It is handed back in ${after}.`,
        ja: `${name.ja}の実行を担当できませんでした: ${words.ja} (${code}) ${after} 後に手放します。`,
      });
    },
    notice: ({ task }, text) => notify({ en: `${task.id}: ${text.en}`, ja: `${task.id}: ${text.ja}` }),
    away: (what, { text, code }) =>
      complain({
        en: `the ${what} is away, nothing is claimed until it is back: ${text.en} (${code})`,
        ja: `${awayWords[what]}に接続できないため、回復するまで新しいタスクを取りません: ${text.ja} (${code})`,
      }),
    back: (what) => notify({ en: `the ${what} is back`, ja: `${awayWords[what]}への接続が回復しました` }),
    draining: (live) =>
      notify({
        en: `no more tasks are taken; ${String(live)} still run, a second signal hands them over`,
        ja: `新しいタスクは取りません。実行中は ${String(live)} 件で、もう一度シグナルを送ると引き渡します`,
      }),
    handingOver: (live) =>
      notify({
        en: `handing over ${String(live)}; a further signal ends this worker at once`,
        ja: `${String(live)} 件を引き渡しています。さらにシグナルを送るとすぐに終了します`,
      }),
  };
}

const longestTitle = 200;

const awayWords = { queue: "キュー", cluster: "クラスター" } as const;

function nameOf({ task, lease }: Claim): Text {
  const number = String(lease.attempt);
  return { en: `${task.id} attempt ${number}`, ja: `${task.id} 試行 ${number} ` };
}

function willRetry({ attempt, pending }: Task, name: Text): Text {
  const reason = attempt?.reason ?? "";
  const at = pending?.details.notBefore;
  return {
    en: `${name.en} failed: ${reason}. ${attempt?.message ?? ""} It is tried again${at === undefined ? "" : ` at ${at}`}.`,
    ja: `${name.ja}が失敗しました: ${reason}。${attempt?.message ?? ""} ${at === undefined ? "" : `${at} に`}再試行します。`,
  };
}

function bugWords(error: unknown, version: string): Text {
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return {
    en: `this is a bug in keruta ${version}, please report it: ${trace}`,
    ja: `keruta ${version} の不具合です。報告してください: ${trace}`,
  };
}
