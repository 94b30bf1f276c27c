import { KerutaError } from "@keruta/shared/domain";
import type { Context } from "../../context/context.ts";
import type { Database } from "../../context/database.ts";

/** The server's own tools copy a queue whole while it is in use; the error says how. */
export async function leftToPostgres(
  { url }: Extract<Database, { kind: "postgres" }>,
  { env }: Context,
  command: (name: string) => string,
): Promise<KerutaError> {
  const { postgresName } = await import("@keruta/shared/queue/postgres");
  const name = postgresName({ url, env });
  const line = command(name);
  return new KerutaError(
    "KRT_DB_UNSUPPORTED",
    {
      en: `Copies of the queue ${name} are made and brought back by PostgreSQL's own tools.`,
      ja: `キュー ${name} のバックアップと復元には PostgreSQL のツールを使います。`,
    },
    {
      hint: { en: `Run \`${line}\`.`, ja: `\`${line}\` を実行してください。` },
      details: { database: name, command: line },
    },
  );
}
