import { KerutaError, type Permission, type Principal } from "@keruta/shared/domain";

export function unauthorized(): KerutaError {
  return new KerutaError(
    "KRT_SERVER_UNAUTHORIZED",
    {
      en: "The request carries no token or session that is valid.",
      ja: "有効なトークンまたはセッションがありません。",
    },
    {
      hint: {
        en: "Send `Authorization: Bearer TOKEN`; an administrator makes one with `keruta token create`.",
        ja: "`Authorization: Bearer TOKEN` を付けてください。トークンは管理者が `keruta token create` で作成できます。",
      },
    },
  );
}

export function forbidden({ name, role }: Principal, permission: Permission): KerutaError {
  return new KerutaError(
    "KRT_SERVER_FORBIDDEN",
    {
      en: `${name} has the role ${role}, which may not ${permission}.`,
      ja: `${name} のロール ${role} には ${permission} の権限がありません。`,
    },
    {
      hint: {
        en: "Use a token of a role that may: an administrator makes one with `keruta token create --role ROLE`.",
        ja: "権限のあるロールのトークンを使ってください。管理者が `keruta token create --role ROLE` で作成できます。",
      },
      details: { role, permission },
    },
  );
}

export function namespaceForbidden({ name, namespaces }: Principal, namespace: string): KerutaError {
  const list = (namespaces ?? []).join(", ");
  return new KerutaError(
    "KRT_SERVER_FORBIDDEN",
    {
      en: `${name} is bound to the namespaces ${list}, and the task names "${namespace}".`,
      ja: `${name} が使えるネームスペースは ${list} だけですが、タスクは「${namespace}」を指定しています。`,
    },
    {
      hint: {
        en: "Set spec.namespace to one of them.",
        ja: "spec.namespace をそのいずれかにしてください。",
      },
      details: { namespace, namespaces },
    },
  );
}

export function boundToNamespaces({ name }: Principal): KerutaError {
  return new KerutaError(
    "KRT_SERVER_FORBIDDEN",
    {
      en: `${name} is bound to namespaces, and this concerns all of them.`,
      ja: `${name} は特定のネームスペースに限定されていますが、この操作は全体に関わります。`,
    },
    {
      hint: {
        en: "Use a token that is bound to none.",
        ja: "ネームスペースを限定していないトークンを使ってください。",
      },
    },
  );
}

export function tooMany(retryAfterSeconds: number): KerutaError {
  const seconds = String(retryAfterSeconds);
  return new KerutaError(
    "KRT_SERVER_BUSY",
    {
      en: `Too many requests; the next is answered in ${seconds} s.`,
      ja: `リクエストが多すぎます。${seconds} 秒後にやり直してください。`,
    },
    { details: { retryAfterSeconds, transient: true } },
  );
}
