import { KerutaError } from "../error.ts";
import type { TaskSpec } from "../task/spec.ts";
import { secretsOf } from "./secrets-of.ts";

/** What `keruta install` makes beside the tasks, which may be in the namespace where tasks run. */
export const ownObjects = {
  /** Of the administrator's token, the agents' tokens, and by its documented name of the database. */
  secretPrefix: "keruta-",
  serviceAccount: "keruta",
  /** The volume of server and workers: artifacts of all, and the queue where it is SQLite's. */
  claim: "keruta-data",
} as const;

export interface OwnObject {
  /** Where in the task. */
  readonly path: string;
  readonly value: string;
}

/** Where a task uses what is keruta's own. */
export function ownObjectsOf(spec: TaskSpec): readonly OwnObject[] {
  const { secretPrefix, serviceAccount, claim } = ownObjects;
  const found = secretsOf(spec)
    .filter(([, secret]) => secret.startsWith(secretPrefix))
    .map(([path, value]) => ({ path, value }));
  if (spec.serviceAccount === serviceAccount) {
    found.push({ path: "spec.serviceAccount", value: serviceAccount });
  }
  for (const [at, { pvc }] of (spec.volumes ?? []).entries()) {
    if (pvc?.claim === claim) found.push({ path: `spec.volumes[${String(at)}].pvc.claim`, value: claim });
  }
  return found;
}

/** Throws KRT_POLICY_REFUSED where a task uses what is keruta's own, which no setting allows. */
export function refuseOwnObjects(spec: TaskSpec): void {
  const violations = ownObjectsOf(spec);
  if (violations.length === 0) return;
  const list = violations.map(({ path, value }) => `\n  ${path}: ${value}`).join("");
  throw new KerutaError(
    "KRT_POLICY_REFUSED",
    {
      en: `This task uses what is keruta's own, by which it could take over the server.${list}`,
      ja: `このタスクは keruta 自身のオブジェクトを使おうとしています。許可するとサーバーを乗っ取れてしまいます。${list}`,
    },
    {
      hint: {
        en: `Secrets whose names begin with ${ownObjects.secretPrefix}, the ServiceAccount ${ownObjects.serviceAccount} and the claim ${ownObjects.claim} are for keruta alone, whatever the policy allows; name the task's own otherwise.`,
        ja: `名前が ${ownObjects.secretPrefix} で始まる Secret、ServiceAccount ${ownObjects.serviceAccount}、PersistentVolumeClaim ${ownObjects.claim} は、ポリシーの設定によらず keruta 専用です。タスク用のものには別の名前を付けてください。`,
      },
      details: { violations },
    },
  );
}
