import { readFile } from "node:fs/promises";
import { KerutaError } from "@keruta/shared/domain";

/** What no setting may hold. */
export interface NotifySecrets {
  readonly smtpPassword: string | null;
  /** By the NAME of `slack:NAME`; "" is that of `slack`. */
  readonly slackUrls: ReadonlyMap<string, string>;
  readonly webhookSecret: string | null;
}

const slackVariable = /^KERUTA_NOTIFY_SLACK_WEBHOOK_URL(?:_(?!FILE$)([A-Z0-9]+(?:_[A-Z0-9]+)*?))?(?:_FILE)?$/;

/**
 * From `KERUTA_NOTIFY_…`, or from the file that `KERUTA_NOTIFY_…_FILE` names, which is read anew each time: a Secret
 * that is changed needs no restart. Throws KRT_FILE_UNREADABLE with the variable.
 */
export async function readNotifySecrets(
  env: Readonly<Record<string, string | undefined>>,
): Promise<NotifySecrets> {
  const slackUrls = new Map<string, string>();
  for (const variable of Object.keys(env).toSorted()) {
    const match = slackVariable.exec(variable);
    if (!match) continue;
    const suffix = match[1];
    const plain = `KERUTA_NOTIFY_SLACK_WEBHOOK_URL${suffix === undefined ? "" : `_${suffix}`}`;
    const url = await secretOf(env, plain);
    if (url !== null) slackUrls.set((suffix ?? "").toLowerCase().replaceAll("_", "-"), url);
  }
  return {
    slackUrls,
    smtpPassword: await secretOf(env, "KERUTA_NOTIFY_SMTP_PASSWORD"),
    webhookSecret: await secretOf(env, "KERUTA_NOTIFY_WEBHOOK_SECRET"),
  };
}

async function secretOf(
  env: Readonly<Record<string, string | undefined>>,
  variable: string,
): Promise<string | null> {
  const plain = env[variable] ?? "";
  if (plain !== "") return plain;
  const file = env[`${variable}_FILE`] ?? "";
  if (file === "") return null;
  try {
    const text = (await readFile(file, "utf8")).replace(/\r?\n$/, "");
    return text === "" ? null : text;
  } catch (error) {
    throw unreadable(`${variable}_FILE`, file, error);
  }
}

function unreadable(variable: string, file: string, cause: unknown): KerutaError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new KerutaError(
    "KRT_FILE_UNREADABLE",
    {
      en: `The file ${file} of ${variable} cannot be read: ${why}.`,
      ja: `${variable} のファイル ${file} を読めません: ${why}`,
    },
    {
      cause,
      hint: {
        en: "Correct the path, or let the server's user read the file.",
        ja: "パスを直すか、サーバーのユーザーがファイルを読めるようにしてください。",
      },
    },
  );
}
