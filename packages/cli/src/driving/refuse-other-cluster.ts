import { KerutaError, type Task } from "@keruta/shared/domain";
import type { ClaimTerms, Queue } from "@keruta/shared/queue";
import type { Context } from "../context/context.ts";

/**
 * Throws KRT_CLUSTER_MISMATCH where the task's open attempt has its Job on another cluster than `terms` can drive and
 * nobody drives it: waiting for it would never end. To be called after a claim that failed, which has ended the
 * leases of the dead.
 */
export async function refuseOtherCluster(
  { clock }: Pick<Context, "clock">,
  queue: Queue,
  taskId: string,
  terms: ClaimTerms,
): Promise<void> {
  const task = await queue.getTask(taskId);
  const attempt = task?.attempt;
  if (!task || !attempt || attempt.cluster === null || attempt.cluster === terms.cluster) return;
  if (attempt.leaseExpiresAt === null || Date.parse(attempt.leaseExpiresAt) > clock()) return;
  throw mismatch(task, attempt, terms);
}

function mismatch({ id, spec }: Task, attempt: NonNullable<Task["attempt"]>, terms: ClaimTerms): KerutaError {
  const { number, cluster, context, namespace } = attempt;
  const place = context ? `${context.name} (${context.server})` : String(cluster);
  // Where the task names its own namespace, the connection's was another one.
  const isOwn = (spec.namespace ?? "") === "" && namespace !== null;
  const flags = [context && `--context ${context.name}`, isOwn && `-n ${namespace}`]
    .filter(Boolean)
    .join(" ");
  const line = `keruta attach ${id}${flags === "" ? "" : ` ${flags}`}`;
  const where = namespace === null ? place : `${place}, namespace ${namespace}`;
  const whereJa = namespace === null ? place : `${place}、ネームスペース ${namespace}`;
  return new KerutaError(
    "KRT_CLUSTER_MISMATCH",
    {
      en: `Attempt ${String(number)} of task ${id} is on another cluster or namespace than this command uses: ${where}.`,
      ja: `タスク ${id} の試行 ${String(number)} は、このコマンドの接続先とは別のクラスターまたはネームスペースにあります: ${whereJa}`,
    },
    {
      hint: context
        ? { en: `Go on with it there: \`${line}\`.`, ja: `そちらで続けてください: \`${line}\`` }
        : {
            en: `Use the kubeconfig context that it was submitted with: \`${line} --context CONTEXT\`.`,
            ja: `実行を始めたときの kubeconfig のコンテキストを使ってください: \`${line} --context CONTEXT\``,
          },
      details: {
        taskId: id,
        attempt: number,
        cluster,
        context,
        namespace,
        ownCluster: terms.cluster ?? null,
      },
    },
  );
}
