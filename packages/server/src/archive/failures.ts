import { KerutaError } from "@keruta/shared/domain";

export function unreachable(location: string, cause: unknown): KerutaError {
  const why = cause instanceof Error ? cause.message || cause.name : String(cause);
  return new KerutaError(
    "KRT_ARCHIVE_UNREACHABLE",
    {
      en: `The archive ${location} cannot be used: ${why}`,
      ja: `アーカイブ ${location} を使用できません: ${why}`,
    },
    {
      hint: {
        en: "Check keruta.logs.archive.location, the region (AWS_REGION, or ?region= of the location), the credentials in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and the rights there.",
        ja: "keruta.logs.archive.location、リージョン（AWS_REGION、または場所の ?region=）、AWS_ACCESS_KEY_ID と AWS_SECRET_ACCESS_KEY の認証情報、アクセス権を確認してください。",
      },
      cause,
      details: { location, transient: true },
    },
  );
}

export function damaged(location: string, key: string, why: string): KerutaError {
  return new KerutaError(
    "KRT_ARCHIVE_DAMAGED",
    {
      en: `The archived object ${key} in ${location} is damaged: ${why}.`,
      ja: `${location} のアーカイブ ${key} が壊れています: ${why}。`,
    },
    {
      hint: {
        en: "Restore the object from a backup of that place; keruta keeps no second copy.",
        ja: "そのアーカイブ先のバックアップから復元してください。keruta は複製を持っていません。",
      },
      details: { location, key },
    },
  );
}

export function locationInvalid(location: string): KerutaError {
  return new KerutaError(
    "KRT_ARCHIVE_LOCATION",
    {
      en: location === "" ? "No archive of logs is set." : `"${location}" is no archive that keruta knows.`,
      ja:
        location === ""
          ? "ログのアーカイブ先が設定されていません。"
          : `「${location}」は keruta が扱えるアーカイブ先ではありません。`,
    },
    {
      hint: {
        en: "`keruta settings set keruta.logs.archive.location /a/directory` or s3://bucket/prefix?endpoint=URL, or give --to.",
        ja: "`keruta settings set keruta.logs.archive.location /ディレクトリ` または s3://バケット/接頭辞?endpoint=URL を設定するか、--to を指定してください。",
      },
      details: { location },
    },
  );
}
