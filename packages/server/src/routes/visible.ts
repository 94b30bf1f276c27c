import {
  taskNotFound,
  effectiveSettings,
  type NewTask,
  type Principal,
  type Settings,
  type Task,
} from "@keruta/shared/domain";
import type { NamespaceScope, Queue } from "@keruta/shared/queue";

/** The settings as the queue has them: a server has no flags, and its environment is not its callers'. */
export async function queueSettings(queue: Queue): Promise<Settings> {
  const stored = await queue.readSettings();
  return effectiveSettings({
    flags: {},
    environment: {},
    kubeconfig: {},
    database: Object.fromEntries(stored.map(({ key, value }) => [key, value])),
  });
}

/** Where tasks run that name no namespace, as the queue has it. */
async function defaultNamespace(queue: Queue): Promise<string> {
  return (await queueSettings(queue)).get("keruta.kubernetes.default-namespace");
}

/** What a principal's lists are bounded to; undefined: nothing. */
export async function scopeOf(
  principal: Principal,
  queue: Queue,
): Promise<{ readonly namespaces?: NamespaceScope }> {
  const { namespaces } = principal;
  if (namespaces === null) return {};
  const hasDefault = namespaces.includes(await defaultNamespace(queue));
  return { namespaces: hasDefault ? [...namespaces, null] : namespaces };
}

/**
 * What a principal may claim from; undefined: all. A driver runs a task that names no namespace in its own default, so
 * one that is bound gets such a task only where that is the queue's default as well, of which the task counts.
 */
export async function claimScopeOf(
  principal: Principal,
  queue: Queue,
  {
    driverDefault,
    asked,
  }: { readonly driverDefault: string | undefined; readonly asked: NamespaceScope | undefined },
): Promise<NamespaceScope | undefined> {
  const { namespaces } = principal;
  if (namespaces === null) return asked;
  const usual = await defaultNamespace(queue);
  const isSame = driverDefault === undefined || driverDefault === usual;
  const own = namespaces.includes(usual) && isSame ? [...namespaces, null] : namespaces;
  return asked ? own.filter((namespace) => asked.includes(namespace)) : own;
}

/** A task that the principal may see. One of another namespace is as one that does not exist. */
export async function visibleTask(principal: Principal, queue: Queue, id: string): Promise<Task> {
  const task = await queue.getTask(id);
  if (!task || !(await maySee(principal, queue, task))) throw taskNotFound(id);
  return task;
}

/** As `visibleTask`, for an id, a prefix or @last. */
export async function visibleReference(principal: Principal, queue: Queue, reference: string): Promise<Task> {
  // A prefix that others' tasks share would tell of them.
  const id = principal.namespaces === null ? await queue.resolveTaskId(reference) : reference;
  return await visibleTask(principal, queue, id);
}

async function maySee(principal: Principal, queue: Queue, task: NewTask): Promise<boolean> {
  const { namespaces } = principal;
  if (namespaces === null) return true;
  const named = task.spec.namespace;
  return namespaces.includes(named === undefined || named === "" ? await defaultNamespace(queue) : named);
}
