import { checkPolicy, refuseOwnObjects, type NewTask, type Principal } from "@keruta/shared/domain";
import type { Queue } from "@keruta/shared/queue";
import { notFound } from "../requests/answer-error.ts";
import { namespaceForbidden } from "../auth/refusals.ts";
import { queueSettings } from "./visible.ts";

/** The task as it may be queued by this principal. Throws what its namespaces or the policy do not allow, and what is keruta's. */
export async function admit(principal: Principal, queue: Queue, task: NewTask): Promise<NewTask> {
  refuseOwnObjects(task.spec);
  const settings = await queueSettings(queue);
  const admitted = bounded(principal, task, settings.get("keruta.kubernetes.default-namespace"));
  checkPolicy(admitted, settings);
  return admitted;
}

/** The task with a namespace that the principal may use: where a driver runs those that name none is not its to say. */
function bounded(principal: Principal, task: NewTask, usual: string): NewTask {
  const { namespaces } = principal;
  if (namespaces === null) return task;
  const named = task.spec.namespace;
  if (named !== undefined && named !== "") {
    if (!namespaces.includes(named)) throw namespaceForbidden(principal, named);
    return task;
  }
  const namespace = namespaces.includes(usual) ? usual : namespaces[0];
  if (namespace === undefined) throw notFound("namespace for this token");
  return { ...task, spec: { ...task.spec, namespace } };
}
